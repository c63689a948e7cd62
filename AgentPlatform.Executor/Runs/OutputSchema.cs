using System.Text.Json;
using AgentPlatform.Executor.Tools;

namespace AgentPlatform.Executor.Runs;

/// <summary>The response schema of one agent, compiled once.</summary>
internal sealed class OutputSchema(JsonElement schema)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private readonly CompiledSchema _compiled = CompiledSchema.Parse(schema, closed: false);

    /// <summary>Why it is no schema that answers could be held against; null for one that is.</summary>
    public static string? Mistake(JsonElement schema)
    {
        try
        {
            CompiledSchema.Parse(schema, closed: false);
            return null;
        }
        catch (FormatException exception)
        {
            return exception.Message;
        }
    }

    public OutputCheck Check(string answer)
    {
        var json = WithoutFence(answer);
        try
        {
            var output = JsonElement.Parse(json, Strict);
            if (!IsStorable(output))
            {
                return new OutputCheck(null, "The answer holds U+0000, half a surrogate pair, or a number that is out of range.");
            }

            var violations = _compiled.Violations(json);
            return violations.Count == 0
                ? new OutputCheck(output, null)
                : new OutputCheck(null, $"{string.Join("; ", violations)}.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return new OutputCheck(null, "The answer is not JSON.");
        }
    }

    /// <summary>The journal keeps it as jsonb, which takes less than JSON allows.</summary>
    private static bool IsStorable(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().All(member => IsStorable(member.Name) && IsStorable(member.Value)),
        JsonValueKind.Array => value.EnumerateArray().All(IsStorable),
        JsonValueKind.String => IsStorable(value.GetString()!),
        JsonValueKind.Number => value.TryGetDouble(out var number) && double.IsFinite(number),
        _ => true,
    };

    private static bool IsStorable(string text) => JournalText.Clean(text) == text;

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
