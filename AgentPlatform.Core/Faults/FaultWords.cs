using System.Collections.Frozen;

namespace AgentPlatform.Core.Faults;

/// <summary>The faults by the words in which people ask for them.</summary>
internal static class FaultWords
{
    /// <summary>The word of a latency, which a duration follows.</summary>
    public const string Latency = "latency:";

    private static readonly (string Word, FaultKind Kind)[] OfModels =
    [
        ("stall", FaultKind.Stall),
        (Latency, FaultKind.Latency),
        ("429", FaultKind.RateLimited),
        ("500", FaultKind.ServerError),
        ("content_filter", FaultKind.ContentFilter),
        ("context_overflow", FaultKind.ContextOverflow),
        ("malformed_arguments", FaultKind.MalformedArguments),
        ("truncated_stream", FaultKind.TruncatedStream),
        ("stalled_stream", FaultKind.StalledStream),
        ("large_output", FaultKind.LargeOutput),
    ];

    public static readonly FrozenDictionary<FaultPoint, (string Word, FaultKind Kind)[]> Known = new Dictionary<FaultPoint, (string, FaultKind)[]>
    {
        [FaultPoint.Model] = OfModels,
        [FaultPoint.Direct] = OfModels,
        [FaultPoint.Tool] = [("stall", FaultKind.Stall), (Latency, FaultKind.Latency), ("error", FaultKind.Error), ("large_output", FaultKind.LargeOutput)],
        [FaultPoint.Executor] = [("away", FaultKind.Away), ("stall", FaultKind.Stall), (Latency, FaultKind.Latency)],
        [FaultPoint.Cache] = [("away", FaultKind.Away)],
        [FaultPoint.Database] = [("away", FaultKind.Away)],
    }.ToFrozenDictionary();

    /// <summary>All of them, for somebody who wrote another.</summary>
    public static string Listed { get; } = string.Join("; ", Enum.GetValues<FaultPoint>().Select(point =>
        $"{Word(point)}={string.Join("|", Known[point].Select(known => known.Word == Latency ? Latency + "2s" : known.Word))}"));

    public static string Word(FaultPoint point) => point.ToString().ToLowerInvariant();
}
