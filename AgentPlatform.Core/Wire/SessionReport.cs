namespace AgentPlatform.Core.Wire;

/// <summary><c>POST executor/sessions/{id}/verify</c>: what was checked, what was wrong, what was mended.</summary>
public sealed record SessionReport
{
    public required string SessionId { get; init; }

    /// <summary>Nothing is wrong now: nothing was, or all of it was mended.</summary>
    public required bool Ok { get; init; }

    public required int Turns { get; init; }

    public required int Events { get; init; }

    public IReadOnlyList<SessionFinding> Findings { get; init; } = [];
}

/// <summary>One broken invariant.</summary>
/// <param name="Code">A stable word: <c>unpaired_call</c>, <c>event_gap</c>, <c>unfoldable</c>, <c>two_open_runs</c>, <c>turn_order</c>, <c>totals</c>, <c>row_differs</c>.</param>
/// <param name="Detail">A sentence for people.</param>
/// <param name="Repaired">It was mended.</param>
public sealed record SessionFinding(string Code, string Detail, bool Repaired, int? Turn = null, Guid? RunId = null, string? CallId = null);
