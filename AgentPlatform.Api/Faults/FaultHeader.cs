using AgentPlatform.Api.Problems;
using AgentPlatform.Core.Faults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.Faults;

/// <summary>The header by which a developer asks for a question to go wrong. Anywhere but in Development it is refused, not passed over: whoever sends it there is mistaken.</summary>
internal sealed class FaultHeader(FaultInjection injection)
{
    public const string Name = "X-Fault";

    /// <param name="plan">Null when the caller wants no faults.</param>
    /// <returns>The problem of a header that cannot be heeded.</returns>
    public ProblemHttpResult? Read(HttpRequest request, out FaultPlan? plan)
    {
        plan = null;
        if (!request.Headers.TryGetValue(Name, out var values))
        {
            return null;
        }

        if (!injection.IsOpen)
        {
            return Problem.Invalid(Name, $"'{Name}' makes faults for development, and this is {injection.Environment}. Remove the header.");
        }

        return FaultPlan.TryParse(values.ToString(), out plan, out var mistake) ? null : Problem.Invalid(Name, $"'{Name}': {mistake}");
    }
}
