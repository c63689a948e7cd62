using System.Text.Json;

namespace AgentPlatform.Core.Wire;

/// <summary>
/// <c>POST executor/runs</c>: start the run, or attach to it when it exists. The id is chosen by the API, so a lost reply
/// is answered by posting the same body again: one run per id, whoever comes first.
/// </summary>
public sealed record RunRequest
{
    /// <summary>UUIDv7.</summary>
    public required Guid RunId { get; init; }

    public required string TenantId { get; init; }

    public required string Agent { get; init; }

    public required string Question { get; init; }

    /// <summary>Wall clock of the run, seconds, 0.1–600.</summary>
    public required double Timeout { get; init; }

    public string? SessionId { get; init; }

    public string? User { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>What the caller brings besides the question; null for a question that stands alone.</summary>
    public CallerContext? Context { get; init; }

    /// <summary>SHA-256, hexadecimal digits, by which a repetition of the request finds this run; null where none can come.</summary>
    public string? RequestHash { get; init; }

    /// <summary>Somebody watches: stream from the model and send events and deltas, not only the outcome.</summary>
    public bool Watch { get; init; }

    /// <summary>The run may exist: look in the journal before starting it.</summary>
    public bool Attach { get; init; }

    public bool Background { get; init; }

    /// <summary>The caller accepts a cached answer (sessions look up in the executor).</summary>
    public bool CacheRead { get; init; } = true;

    /// <summary>The caller lets its answer be stored.</summary>
    public bool CacheWrite { get; init; } = true;

    /// <summary>Seconds; an older cached answer is none for this caller. Null for no bound.</summary>
    public double? CacheMaxAge { get; init; }

    /// <summary>The caller wants a cached answer or none: nothing is started.</summary>
    public bool CacheOnly { get; init; }

    /// <summary>The run whose turn must be the session's last when this one's begins, else the request is refused: the caller goes on from there and nowhere else.</summary>
    public Guid? After { get; init; }

    /// <summary>What the API wants to find in the run's journal again; the executor does not read it.</summary>
    public JsonElement? Echo { get; init; }

    /// <summary>Faults to make on the way, in Development: the header <c>X-Fault</c> as it came.</summary>
    public string? Faults { get; init; }

    /// <summary>
    /// W3C trace context the run belongs to. Set by the executor at its door: the host of the run may be another process, and
    /// works on after the call that woke it.
    /// </summary>
    public string? TraceParent { get; init; }
}
