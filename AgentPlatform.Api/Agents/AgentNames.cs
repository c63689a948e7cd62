using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Api.Input;

namespace AgentPlatform.Api.Agents;

/// <summary>What to say about a name that is no agent's.</summary>
internal static class AgentNames
{
    public const string NotYetKnown = "Which agents there are is not known yet, because no executor has answered. Try again in a moment.";

    public static string NotFound(string name, AgentCatalogue catalogue) => NearestName.To(name, catalogue.Agents.Keys) is { } nearest
        ? $"There is no agent '{Words.Short(name)}'. Did you mean '{nearest}'?"
        : $"There is no agent '{Words.Short(name)}'. GET /agents lists them.";
}
