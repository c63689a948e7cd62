using AgentPlatform.Core.Faults;

namespace AgentPlatform.Core.ChatModels.OpenAICompatible;

/// <summary>
/// The last stop before the wire: a call that is to fail gets its failure here as if the endpoint had sent it, so that the SDK, the repair of replies,
/// the classification and the retries do what they do every day.
/// </summary>
internal sealed class FaultyModelHandler(TimeProvider timeProvider) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (FaultScope.Current is not { } faults || request.Content is not { } content)
        {
            return await base.SendAsync(request, cancellationToken);
        }

        var asked = AskedCompletion.Read(await content.ReadAsByteArrayAsync(cancellationToken));
        switch (faults.TakeModel(asked.Tool is not null))
        {
            case null:
                return await base.SendAsync(request, cancellationToken);
            case { Kind: FaultKind.Latency } late:
                await Task.Delay(late.Delay, timeProvider, cancellationToken);
                return await base.SendAsync(request, cancellationToken);
            case { Kind: FaultKind.Stall }:
                await Task.Delay(Timeout.InfiniteTimeSpan, timeProvider, cancellationToken);
                throw new OperationCanceledException(cancellationToken);
            case var fault:
                var response = FaultyReply.Of(fault.Kind, asked);
                response.RequestMessage = request;
                return response;
        }
    }
}
