using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Serilog.Core;
using Serilog.Events;

namespace AgentPlatform.ServiceDefaults.Logging;

/// <summary>
/// The line that machines read: <c>timestamp</c> (ISO-8601, UTC), <c>level</c>, <c>event</c>, <c>category</c>, <c>message</c>,
/// <c>trace_id</c>, <c>span_id</c>, then the named holes and scopes in snake_case, then <c>exception</c> as text. A fixed field is never
/// overwritten: a hole of the same name gets a trailing underscore. Control characters, and so newlines, are always escaped: no value
/// can begin a line of its own. Every text passes <see cref="LogText"/>.
/// </summary>
internal sealed class JsonLogLine(LogText logText) : ILogLine
{
    private const string EventIdProperty = "EventId";

    private static readonly HashSet<string> Fixed =
        new(StringComparer.Ordinal) { "timestamp", "level", "event", "category", "message", "trace_id", "span_id", "exception" };

    // Relaxed keeps other scripts readable and still escapes every control character; a log line is not HTML.
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly LogMessageText _message = new();
    private readonly HashSet<string> _written = new(StringComparer.Ordinal);

    public void Write(LogEvent logEvent, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output, Relaxed);
        _written.Clear();
        json.WriteStartObject();
        json.WriteString("timestamp", logEvent.Timestamp.UtcDateTime);
        json.WriteString("level", LogLevelNames.NameOf(logEvent.Level));
        if (EventNameOf(logEvent) is { } name)
        {
            json.WriteString("event", LogFieldNames.SnakeCase(name));
        }

        if (logEvent.Properties.TryGetValue(Constants.SourceContextPropertyName, out var category) && category is ScalarValue { Value: string text })
        {
            json.WriteString("category", text);
        }

        json.WriteString("message", logText.Of(_message.Of(logEvent)));
        if (logEvent.TraceId is { } traceId && logEvent.SpanId is { } spanId)
        {
            json.WriteString("trace_id", traceId.ToHexString());
            json.WriteString("span_id", spanId.ToHexString());
        }

        foreach (var (key, value) in logEvent.Properties)
        {
            WriteField(json, key, value);
        }

        if (logEvent.Exception is { } exception)
        {
            json.WriteString("exception", logText.Of(exception.ToString()));
        }

        json.WriteEndObject();
        json.Flush();
        output.Write("\n"u8);
    }

    private void WriteField(Utf8JsonWriter json, string key, LogEventPropertyValue value)
    {
        if (key is EventIdProperty or Constants.SourceContextPropertyName)
        {
            return;
        }

        var name = LogFieldNames.SnakeCase(key);
        if (Fixed.Contains(name))
        {
            name += "_";
        }

        if (_written.Add(name))
        {
            json.WritePropertyName(logText.Of(name));
            LogValueJson.Write(json, value, logText);
        }
    }

    private static string? EventNameOf(LogEvent logEvent)
    {
        if (!logEvent.Properties.TryGetValue(EventIdProperty, out var value) || value is not StructureValue id)
        {
            return null;
        }

        foreach (var part in id.Properties)
        {
            if (part is { Name: "Name", Value: ScalarValue { Value: string name } })
            {
                return name;
            }
        }

        return null;
    }
}
