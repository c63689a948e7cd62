using System.ComponentModel.DataAnnotations;
using AgentPlatform.Api.Input;
using AgentPlatform.Api.Problems;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.Runs;

/// <summary>The body of <c>POST /runs/{run_id}/approvals/{call_id}</c>: a person's word on one call.</summary>
internal sealed record DecisionBody
{
    private const string Approve = "approve";
    private const string Deny = "deny";

    public static BodyShape Shape { get; } = new(
        """{"decision":"approve"}""",
        Optional: false,
        [
            new("decision", BodyFieldKind.Text, Required: true),
            new("reason", BodyFieldKind.Text),
            new("arguments", BodyFieldKind.Text),
        ]);

    /// <summary><c>approve</c> or <c>deny</c>.</summary>
    [Required]
    [RegularExpression("^(approve|deny)$")]
    public string? Decision { get; init; }

    /// <summary>Why; the agent is told when the call is denied.</summary>
    [MaxLength(Checks.MaxRemark)]
    public string? Reason { get; init; }

    /// <summary>The arguments you decided on, as <c>approvals[].arguments</c> gave them: when the call has others by now, nothing is decided.</summary>
    public string? Arguments { get; init; }

    /// <summary>The first rule that is broken; null for a good body.</summary>
    public ProblemHttpResult? Broken() => Decision switch
    {
        null => Problem.Invalid("decision", $"'decision' is missing. Send a JSON object such as {Shape.Example}."),
        Approve or Deny => Checks.Remark("reason", Reason) ?? Checks.Storable("arguments", Arguments),
        _ => Problem.Invalid("decision", "'decision' must be 'approve' or 'deny'."),
    };

    /// <param name="by">Who decides.</param>
    public ApprovalDecision ToDecision(string by) => new() { Approve = Decision == Approve, Reason = Reason, Arguments = Arguments, By = by };
}
