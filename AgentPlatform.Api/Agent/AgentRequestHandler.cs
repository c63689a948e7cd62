namespace AgentPlatform.Api.Agent;

/// <summary>The API's story in one method.</summary>
internal sealed class AgentRequestHandler
{
    public Task<AgentResult> HandleAsync(AgentQuestion question, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
