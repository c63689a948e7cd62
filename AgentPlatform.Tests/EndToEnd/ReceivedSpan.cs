namespace AgentPlatform.Tests.EndToEnd;

/// <summary>A span as it arrived over OTLP; ids in hex, <see cref="ParentId"/> empty for a root.</summary>
/// <param name="Kind">1 internal, 2 server, 3 client.</param>
internal sealed record ReceivedSpan(
    string Service, string Scope, string TraceId, string SpanId, string ParentId, string Name, int Kind, IReadOnlyDictionary<string, string> Attributes)
{
    public const int Server = 2;
    public const int Client = 3;

    public override string ToString() => $"{SpanId} < {ParentId,-16} {Service}: {Name} ({Scope}, kind {Kind})";
}
