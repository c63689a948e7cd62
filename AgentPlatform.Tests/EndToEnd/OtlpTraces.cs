using System.Text;
using Google.Protobuf;

namespace AgentPlatform.Tests.EndToEnd;

/// <summary>Reads the few fields of an OTLP <c>ExportTraceServiceRequest</c> that make a tree of spans.</summary>
internal static class OtlpTraces
{
    public static IReadOnlyList<ReceivedSpan> Read(byte[] body)
    {
        var spans = new List<ReceivedSpan>();
        foreach (var resourceSpans in Messages(body, 1))
        {
            var service = Messages(resourceSpans, 1).SelectMany(resource => Attributes(resource, 1))
                .FirstOrDefault(attribute => attribute.Key == "service.name").Value ?? "";
            foreach (var scopeSpans in Messages(resourceSpans, 2))
            {
                var scope = Messages(scopeSpans, 1).Select(found => Text(found, 1)).FirstOrDefault("");
                spans.AddRange(Messages(scopeSpans, 2).Select(span => Span(service, scope, span)));
            }
        }

        return spans;
    }

    private static ReceivedSpan Span(string service, string scope, byte[] span) => new(
        service, scope, Hex(span, 1), Hex(span, 2), Hex(span, 4), Text(span, 5), Number(span, 6),
        Attributes(span, 9).DistinctBy(attribute => attribute.Key).ToDictionary());

    private static IEnumerable<KeyValuePair<string, string>> Attributes(byte[] owner, int field) => Messages(owner, field)
        .Select(pair => KeyValuePair.Create(Text(pair, 1), Messages(pair, 2).Select(value => Text(value, 1)).FirstOrDefault("")));

    private static string Text(byte[] message, int field) => Messages(message, field)
        .Select(found => Encoding.UTF8.GetString(found)).FirstOrDefault("");

    private static string Hex(byte[] message, int field) => Messages(message, field).Select(Convert.ToHexStringLower).FirstOrDefault("");

    private static int Number(byte[] message, int field)
    {
        using var input = new CodedInputStream(message);
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            if (WireFormat.GetTagFieldNumber(tag) == field)
            {
                return input.ReadInt32();
            }

            input.SkipLastField();
        }

        return 0;
    }

    /// <summary>The length-delimited occurrences of a field: messages, texts and bytes alike.</summary>
    private static List<byte[]> Messages(byte[] message, int field)
    {
        var found = new List<byte[]>();
        using var input = new CodedInputStream(message);
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            if (WireFormat.GetTagFieldNumber(tag) == field && WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited)
            {
                found.Add(input.ReadBytes().ToByteArray());
            }
            else
            {
                input.SkipLastField();
            }
        }

        return found;
    }
}
