using System.ComponentModel.DataAnnotations;
using AgentPlatform.Api.Input;
using AgentPlatform.Api.Problems;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.Runs;

/// <summary>The body of <c>POST /runs/{run_id}/outcomes/{call_id}</c>: what a person found out about a call that broke off.</summary>
internal sealed record OutcomeBody
{
    private const string Happened = "happened";
    private const string NotHappened = "not_happened";

    public static BodyShape Shape { get; } = new(
        """{"outcome":"happened"}""",
        Optional: false,
        [new("outcome", BodyFieldKind.Text, Required: true), new("note", BodyFieldKind.Text)]);

    /// <summary><c>happened</c> or <c>not_happened</c>.</summary>
    [Required]
    [RegularExpression("^(happened|not_happened)$")]
    public string? Outcome { get; init; }

    /// <summary>How you know; kept with the run.</summary>
    [MaxLength(Checks.MaxRemark)]
    public string? Note { get; init; }

    /// <summary>The first rule that is broken; null for a good body.</summary>
    public ProblemHttpResult? Broken() => Outcome switch
    {
        null => Problem.Invalid("outcome", $"'outcome' is missing. Send a JSON object such as {Shape.Example}."),
        Happened or NotHappened => Checks.Remark("note", Note),
        _ => Problem.Invalid("outcome", "'outcome' must be 'happened' or 'not_happened'."),
    };

    /// <param name="by">Who found out.</param>
    public CallOutcome ToOutcome(string by) => new() { Happened = Outcome == Happened, Note = Note, By = by };
}
