using AgentPlatform.Executor.Problems;
using Polly;
using Polly.Retry;

namespace AgentPlatform.Executor.Storage;

/// <summary>
/// Asks the database again while it restarts, and after it did: the first use of every pool then meets a connection that is dead. Only for
/// what may be said twice. A database that is away for longer, or hangs, still throws within a second of its first refusal.
/// </summary>
internal static class BriefOutage
{
    private static readonly ResiliencePipeline Pipeline = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<Exception>(IsRefusal),
            MaxRetryAttempts = 5,
            Delay = TimeSpan.FromMilliseconds(25),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            MaxDelay = TimeSpan.FromMilliseconds(500),
        })
        .Build();

    public static async Task<T> SurviveAsync<T>(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken) =>
        await Pipeline.ExecuteAsync(static async (ask, token) => await ask(token), ask, cancellationToken);

    /// <summary>Silence has cost the caller its patience already.</summary>
    private static bool IsRefusal(Exception exception) =>
        DatabaseAway.Is(exception) && exception.GetBaseException() is not TimeoutException;
}
