using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace AgentPlatform.Core.ChatModels;

/// <summary>
/// Calls a model once, as its caller sees it: what is likely to pass (408, 429, 5xx, no connection) is tried again at most twice,
/// with growing jittered pauses or the one that the endpoint asked for, within the caller's deadline, and never after a piece of the
/// reply was handed out. An endpoint that keeps failing is left alone (<see cref="ModelGuards"/>): then, and when the model's room is full, the
/// call fails at once, so that a fallback can answer.
/// </summary>
public sealed partial class ModelCaller
{
    private const int MaxRetries = 2;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    /// <summary>A longer wish to wait is not granted: the caller has better uses of its time, and the failure carries the wish.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly TimeProvider _time;
    private readonly ModelGuards _guards;
    private readonly ILogger<ModelCaller> _logger;
    private readonly ResiliencePipeline<ModelReply> _retry;

    internal ModelCaller(ModelGuards guards, TimeProvider time, ILogger<ModelCaller> logger)
    {
        _guards = guards;
        _time = time;
        _logger = logger;
        _retry = new ResiliencePipelineBuilder<ModelReply> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<ModelReply>
            {
                MaxRetryAttempts = MaxRetries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = FirstPause,
                ShouldHandle = outcome => ValueTask.FromResult(outcome.Outcome.Exception is ModelCallException { Failure: { IsTransient: true } failure }
                    && !outcome.Context.CancellationToken.IsCancellationRequested
                    && (failure.RetryAfter ?? TimeSpan.Zero) <= LongestPause),
                DelayGenerator = wait => ValueTask.FromResult(((ModelCallException)wait.Outcome.Exception!).Failure.RetryAfter),
                OnRetry = retry =>
                {
                    var failure = ((ModelCallException)retry.Outcome.Exception!).Failure;
                    LogRetry(retry.AttemptNumber + 1, failure.Kind, retry.RetryDelay.TotalMilliseconds);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    /// <param name="onDelta">Gets each piece of text as it arrives; null asks for the whole reply at once, which costs less.</param>
    /// <param name="cancellationToken">Carries the caller's deadline; the call has none of its own.</param>
    /// <param name="timeLeft">Until that deadline: no pause begins that would outlast it. Null: not known.</param>
    /// <exception cref="ModelCallException">The call failed for good.</exception>
    /// <exception cref="OperationCanceledException">The caller's token ended it.</exception>
    public async Task<ModelReply> CallAsync(
        ChatModel model,
        IList<ChatMessage> messages,
        ChatOptions options,
        Func<string, ValueTask>? onDelta,
        CancellationToken cancellationToken,
        Func<TimeSpan>? timeLeft = null)
    {
        var call = new Call(model, messages, options, onDelta, timeLeft, _guards, _time);
        return await _retry.ExecuteAsync(static (call, token) => call.AttemptAsync(token), call, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Attempt {Attempt} of a model call failed ({Kind}), again in {Milliseconds} ms")]
    private partial void LogRetry(int attempt, ModelErrorKind kind, double milliseconds);
}
