using AgentPlatform.Core.Faults;

namespace AgentPlatform.Api.ExecutorClient;

/// <summary>The last stop before an executor: lets it be away, silent or slow for a question that asked for that.</summary>
internal sealed class FaultyExecutorHandler(TimeProvider timeProvider) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        switch (FaultScope.Current?.Take(FaultPoint.Executor))
        {
            case { Kind: FaultKind.Away }:
                throw new HttpRequestException(HttpRequestError.ConnectionError, "No executor is there.");
            case { Kind: FaultKind.Stall }:
                await Task.Delay(Timeout.InfiniteTimeSpan, timeProvider, cancellationToken);
                break;
            case { } late:
                await Task.Delay(late.Delay, timeProvider, cancellationToken);
                break;
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
