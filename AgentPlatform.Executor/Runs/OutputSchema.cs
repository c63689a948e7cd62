using System.Text.Json;
using NJsonSchema;

namespace AgentPlatform.Executor.Runs;

/// <summary>The response schema of one agent, compiled once.</summary>
internal sealed class OutputSchema(JsonElement schema)
{
    private readonly Lazy<JsonSchema> _compiled = new(
        () => JsonSchema.FromJsonAsync(schema.GetRawText()).GetAwaiter().GetResult());

    public OutputCheck Check(string answer)
    {
        var json = WithoutFence(answer);
        JsonElement output;
        try
        {
            output = JsonElement.Parse(json);
        }
        catch (JsonException)
        {
            return new OutputCheck(null, "The answer is not JSON.");
        }

        var errors = _compiled.Value.Validate(json);
        return errors.Count == 0
            ? new OutputCheck(output, null)
            : new OutputCheck(null, string.Join(" ", errors.Take(5).Select(error => $"{error.Path ?? "#"}: {error.Kind}.")));
    }

    /// <summary>Many models wrap JSON in a Markdown fence even when told not to.</summary>
    private static string WithoutFence(string answer)
    {
        var text = answer.Trim();
        if (!text.StartsWith("```", StringComparison.Ordinal) || !text.EndsWith("```", StringComparison.Ordinal))
        {
            return text;
        }

        var firstLine = text.IndexOf('\n', StringComparison.Ordinal);
        return firstLine < 0 || firstLine >= text.Length - 3 ? text : text[(firstLine + 1)..^3].Trim();
    }
}
