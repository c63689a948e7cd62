using System.ComponentModel.DataAnnotations;
using AgentPlatform.Api.Input;
using AgentPlatform.Api.Problems;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.Tools;

/// <summary>The body of <c>POST /tools/{tool}/accept</c>: a person's word for a tool that changed on its server.</summary>
internal sealed record AcceptBody
{
    private const int MaxHash = 64;

    public static BodyShape Shape { get; } = new("""{"hash":"9f86d081884c7d65"}""", Optional: false, [new("hash", BodyFieldKind.Text, Required: true)]);

    /// <summary>`hash` of the tool as <c>GET /tools</c> showed it: the word holds for exactly that.</summary>
    [Required]
    [StringLength(MaxHash, MinimumLength = 1)]
    public string? Hash { get; init; }

    /// <summary>The first rule that is broken; null for a good body.</summary>
    public ProblemHttpResult? Broken() => Hash is { Length: > 0 and <= MaxHash }
        ? Checks.Storable("hash", Hash)
        : Problem.Invalid("hash", "'hash' must be the one that GET /tools shows for the tool.");

    /// <param name="by">Who accepts it.</param>
    public ToolAcceptance ToAcceptance(string by) => new(Hash!, by);
}
