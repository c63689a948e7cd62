using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentPlatform.Executor.Tools;

/// <summary>Reads a model's arguments for one tool. Whatever is wrong with them is said so that the model can mend its call.</summary>
internal sealed class ToolArguments(CompiledSchema schema)
{
    /// <summary>Of the schema that a complaint quotes.</summary>
    private const int MaxSchemaLength = 2_000;

    /// <exception cref="ToolException">Not JSON, not an object, or not what the schema asks for.</exception>
    public AIFunctionArguments Read(string text, JsonDocumentOptions options)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            text = "{}";
        }

        JsonElement root;
        try
        {
            root = JsonElement.Parse(text, options);
        }
        catch (JsonException exception)
        {
            throw Complaint($"The arguments are not valid JSON ({Where(exception)}).", exception);
        }

        if (root.ValueKind is not JsonValueKind.Object)
        {
            throw Complaint("The arguments must be one JSON object.");
        }

        var violations = schema.Violations(text);
        if (violations.Count > 0)
        {
            throw Complaint($"The arguments do not fit: {string.Join("; ", violations)}.");
        }

        var arguments = new AIFunctionArguments();
        foreach (var property in root.EnumerateObject())
        {
            arguments[property.Name] = property.Value;
        }

        return arguments;
    }

    private static string Where(JsonException exception) =>
        exception is { LineNumber: { } line, BytePositionInLine: { } column }
            ? $"line {line + 1}, byte {column + 1}: an unexpected or missing character, or a value cut short"
            : "the same property twice, or nested too deeply";

    private ToolException Complaint(string what, Exception? inner = null) => new(
        $"{what} Call it again with arguments for this JSON schema: {ToolText.Cap(schema.Source.GetRawText(), MaxSchemaLength, out _)}",
        ToolErrorKind.InvalidArguments,
        inner);
}
