using System.Globalization;
using System.Text.Json;
using Serilog.Events;

namespace AgentPlatform.ServiceDefaults.Logging;

/// <summary>A logged value as JSON: numbers, booleans, lists and structures as themselves, everything else as text.</summary>
internal static class LogValueJson
{
    internal static void Write(Utf8JsonWriter json, LogEventPropertyValue value, LogText text)
    {
        switch (value)
        {
            case ScalarValue scalar:
                WriteScalar(json, scalar.Value, text);
                break;
            case SequenceValue sequence:
                json.WriteStartArray();
                foreach (var element in sequence.Elements)
                {
                    Write(json, element, text);
                }

                json.WriteEndArray();
                break;
            case StructureValue structure:
                WriteObject(json, structure.Properties.Select(property => (property.Name, property.Value)), text);
                break;
            case DictionaryValue dictionary:
                WriteObject(json, dictionary.Elements.Select(element => (element.Key.Value?.ToString() ?? "null", element.Value)), text);
                break;
            default:
                json.WriteStringValue(text.Of(value.ToString()));
                break;
        }
    }

    private static void WriteObject(Utf8JsonWriter json, IEnumerable<(string Name, LogEventPropertyValue Value)> properties, LogText text)
    {
        json.WriteStartObject();
        foreach (var (name, value) in properties.DistinctBy(property => property.Name, StringComparer.Ordinal))
        {
            json.WritePropertyName(text.Of(name));
            Write(json, value, text);
        }

        json.WriteEndObject();
    }

    private static void WriteScalar(Utf8JsonWriter json, object? value, LogText logText)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case string text: json.WriteStringValue(logText.Of(text)); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case int number: json.WriteNumberValue(number); break;
            case long number: json.WriteNumberValue(number); break;
            case uint number: json.WriteNumberValue(number); break;
            case ulong number: json.WriteNumberValue(number); break;
            case short or ushort or byte or sbyte: json.WriteNumberValue(Convert.ToInt32(value, CultureInfo.InvariantCulture)); break;
            case decimal number: json.WriteNumberValue(number); break;
            // JSON has no NaN and no infinity; those fall through to text.
            case double number when double.IsFinite(number): json.WriteNumberValue(number); break;
            case float number when float.IsFinite(number): json.WriteNumberValue(number); break;
            case DateTime time: json.WriteStringValue(time.ToUniversalTime()); break;
            case DateTimeOffset time: json.WriteStringValue(time.UtcDateTime); break;
            case IFormattable formattable: json.WriteStringValue(logText.Of(formattable.ToString(null, CultureInfo.InvariantCulture))); break;
            default: json.WriteStringValue(logText.Of(value.ToString() ?? "")); break;
        }
    }
}
