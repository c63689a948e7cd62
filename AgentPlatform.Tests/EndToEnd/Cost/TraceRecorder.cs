using System.Collections.Concurrent;
using System.Diagnostics;

namespace AgentPlatform.Tests.EndToEnd.Cost;

/// <summary>
/// Hears the spans of one trace and of no other, so that neither tests beside this one nor the platform's own upkeep (leases, membership)
/// are counted.
/// </summary>
internal sealed class TraceRecorder : IDisposable
{
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly ActivityListener _listener;

    public TraceRecorder()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.Parent.TraceId == TraceId ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>Value of the <c>traceparent</c> header of the request to be heard.</summary>
    public string Parent => $"00-{TraceId}-{ActivitySpanId.CreateRandom()}-01";

    private ActivityTraceId TraceId { get; } = ActivityTraceId.CreateRandom();

    public IReadOnlyList<Activity> Of(string source) => [.. _spans.Where(span => span.TraceId == TraceId && span.Source.Name == source)];

    /// <summary>What was said to Postgres, a commit as one text.</summary>
    public IReadOnlyList<string> Statements() => [.. Of("Npgsql").Select(span => Text(span, "db.query.text") ?? Text(span, "db.statement") ?? span.DisplayName)];

    /// <summary>Requests that went out to that port.</summary>
    public int RequestsTo(int port) => Of("System.Net.Http").Count(span => Equals(span.GetTagItem("server.port"), port));

    public void Dispose() => _listener.Dispose();

    private static string? Text(Activity span, string tag) => span.GetTagItem(tag) as string;
}
