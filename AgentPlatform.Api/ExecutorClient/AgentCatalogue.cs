using System.Collections.Frozen;
using System.Net.Http.Headers;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.ExecutorClient;

/// <summary>The agents as the executors last told them.</summary>
/// <param name="Agents">By exact name.</param>
/// <param name="ETag">What to ask with whether they changed.</param>
internal sealed record AgentCatalogue(FrozenDictionary<string, AgentInfo> Agents, EntityTagHeaderValue? ETag)
{
    public AgentInfo? Find(string name) => Agents.GetValueOrDefault(name);
}
