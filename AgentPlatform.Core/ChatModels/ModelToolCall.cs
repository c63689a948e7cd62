using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Core.ChatModels;

/// <summary>One tool call as the model wrote it.</summary>
/// <param name="CallId">Unique within the reply; generated when the model gave none or one twice.</param>
/// <param name="ArgumentsJson">The raw text of the arguments: not JSON, or no object, when the model made a mistake.</param>
public sealed record ModelToolCall(string CallId, string Name, string ArgumentsJson)
{
    private static readonly JsonSerializerOptions Compact = new(AIJsonUtilities.DefaultOptions)
    {
        WriteIndented = false,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>
    /// The call as message content, for the next request. Malformed arguments become an empty object there: endpoints parse the
    /// arguments of earlier calls, and the model learns of its mistake from the result.
    /// </summary>
    public FunctionCallContent ToContent() => new(CallId, Name, ParseArguments() ?? new Dictionary<string, object?>());

    /// <summary>Arguments as compact text, readable in a journal.</summary>
    internal static string Write(IDictionary<string, object?>? arguments) =>
        JsonSerializer.Serialize(arguments ?? new Dictionary<string, object?>(), Compact);

    private Dictionary<string, object?>? ParseArguments()
    {
        try
        {
            using var document = JsonDocument.Parse(ArgumentsJson);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            var arguments = new Dictionary<string, object?>(StringComparer.Ordinal);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                arguments[property.Name] = property.Value.Clone();
            }

            return arguments;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
