using System.Text.Json;
using AgentPlatform.Executor.Tools;

namespace AgentPlatform.Executor.Runs;

/// <summary>The response schema of one agent, compiled once.</summary>
internal sealed class OutputSchema(JsonElement schema)
{
    private readonly CompiledSchema _compiled = CompiledSchema.Parse(schema, closed: false);

    public OutputCheck Check(string answer)
    {
        var json = WithoutFence(answer);
        try
        {
            var output = JsonElement.Parse(json);
            var violations = _compiled.Violations(json);
            return violations.Count == 0
                ? new OutputCheck(output, null)
                : new OutputCheck(null, $"{string.Join("; ", violations)}.");
        }
        catch (JsonException)
        {
            return new OutputCheck(null, "The answer is not JSON.");
        }
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
