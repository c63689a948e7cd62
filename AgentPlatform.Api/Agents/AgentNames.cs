using AgentPlatform.Api.Agent;
using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Api.Input;
using AgentPlatform.Api.Problems;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.Agents;

/// <summary>Decides whether a name is that of an agent.</summary>
internal static class AgentNames
{
    /// <summary>
    /// The problem of a name that is no agent's; null when it is one. As long as no catalogue was ever seen the default agent
    /// is taken to exist, so that the ladder can answer; of other names nothing is known.
    /// </summary>
    public static ProblemHttpResult? Unknown(string name, AgentCatalogue? catalogue)
    {
        if (catalogue is null)
        {
            return name == AskBody.DefaultAgent ? null : NotYetKnown();
        }

        return catalogue.Find(name) is not null ? null : NotFound(name, catalogue);
    }

    public static ProblemHttpResult NotYetKnown() =>
        Problem.ExecutorUnavailable("The agents are not known yet, because no executor has answered. Try again in a moment.");

    private static ProblemHttpResult NotFound(string name, AgentCatalogue catalogue)
    {
        var hint = NearestName.To(name, catalogue.Agents.Keys) is { } nearest
            ? $"Did you mean '{nearest}'?"
            : "GET /agents lists them.";
        return Problem.Result(
            StatusCodes.Status404NotFound, ProblemCodes.AgentNotFound, $"There is no agent '{Words.Short(name)}'. {hint}", "agent");
    }
}
