using AgentPlatform.ServiceDefaults.Resilience;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace AgentPlatform.Executor.Tools.Http;

/// <summary>
/// Makes one call of an HTTP tool within its deadline:
/// 1. leave a server alone that keeps failing, else wait for a place among the requests to that host;
/// 2. send, follow no redirect, read no more than the cap (<see cref="HttpToolExchange"/>);
/// 3. what may pass (408, 429, 5xx, no connection) is sent again at most twice, with growing jittered pauses and the same
///    idempotency key, unless the tool is a <c>write</c>: that is sent once, and what became of it is told as exactly as
///    can be known.
/// </summary>
internal sealed partial class HttpToolClient
{
    private const int MaxRetries = 2;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    /// <summary>A longer wish to wait is not granted: the model may have something better to do.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly HttpToolExchange _exchange;
    private readonly Circuits _circuits;
    private readonly TimeProvider _time;
    private readonly ILogger<HttpToolClient> _logger;
    private readonly ResiliencePipeline<HttpAttempt> _retry;

    public HttpToolClient(HttpToolExchange exchange, Circuits circuits, TimeProvider time, ILogger<HttpToolClient> logger)
    {
        _exchange = exchange;
        _circuits = circuits;
        _time = time;
        _logger = logger;
        _retry = new ResiliencePipelineBuilder<HttpAttempt> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<HttpAttempt>
            {
                MaxRetryAttempts = MaxRetries,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = FirstPause,
                ShouldHandle = ended => ValueTask.FromResult(
                    ended.Outcome.Result is { MayPass: true } attempt && (attempt.RetryAfter ?? TimeSpan.Zero) <= LongestPause),
                DelayGenerator = wait => ValueTask.FromResult(wait.Outcome.Result!.RetryAfter),
            })
            .Build();
    }

    /// <exception cref="ToolException">It failed; the kind tells whether it may have taken effect.</exception>
    public async Task<string> CallAsync(HttpToolRequest request, CancellationToken cancellationToken)
    {
        var tool = request.Tool;
        using var deadline = new CancellationTokenSource(tool.Deadline, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        HttpAttempt ended;
        try
        {
            ended = tool.Effect is ToolEffect.Write
                ? await AttemptAsync(request, cancellationToken, both.Token)
                : await _retry.ExecuteAsync(token => AttemptAsync(request, cancellationToken, token), both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            ended = OutOfTime(request);
        }

        if (ended.Error is not { } error)
        {
            return ended.Text;
        }

        LogFailed(tool.Name, error, request.Call.RunId, request.Call.CallId);
        throw new ToolException(ended.Text, error);
    }

    /// <param name="caller">Ended by it, a request says nothing about its server; ended by its deadline it does.</param>
    private async ValueTask<HttpAttempt> AttemptAsync(HttpToolRequest request, CancellationToken caller, CancellationToken cancellationToken)
    {
        var server = request.Tool.Host;
        try
        {
            return await _circuits.Of(Hops.Tool, server, ServerFailed).ExecuteAsync(SendAsync, cancellationToken);
        }
        catch (BrokenCircuitException)
        {
            return new HttpAttempt(
                $"'{request.Tool.Name}' was not called: the server {server} does not answer at the moment. Nothing was sent. Go on without it, or try again later.",
                ToolErrorKind.Failed);
        }

        async ValueTask<HttpAttempt> SendAsync(CancellationToken token)
        {
            try
            {
                return await _exchange.SendAsync(request, token);
            }
            catch (OperationCanceledException) when (!caller.IsCancellationRequested)
            {
                return OutOfTime(request) with { ServerFailed = true };
            }
        }
    }

    private static bool ServerFailed(Outcome<object> outcome) => outcome.Result is HttpAttempt { ServerFailed: true };

    private static HttpAttempt OutOfTime(HttpToolRequest request)
    {
        var tool = request.Tool;
        var end = (tool.Changes, request.MayHaveArrived) switch
        {
            (false, _) => "",
            (true, false) => " Nothing was sent.",
            (true, true) => " Whether it took effect is not known.",
        };
        return new HttpAttempt(
            FormattableString.Invariant($"'{tool.Name}' did not finish within {tool.Deadline.TotalSeconds:0.###} seconds and was given up.{end}"),
            tool.Effect is ToolEffect.Write && request.MayHaveArrived ? ToolErrorKind.OutcomeUnknown : ToolErrorKind.Timeout);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "HTTP tool {Tool} failed ({Kind}) in run {RunId}, call {CallId}")]
    private partial void LogFailed(string tool, ToolErrorKind kind, Guid runId, string callId);
}
