using System.Text.Json;
using AgentPlatform.Api.Input;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>What an agent's file decides and a request does not: an agent is no bare model.</summary>
internal static class ResponseFeatures
{
    private const string InFile = "an agent's file decides it.";

    public static void Refuse(RequestMembers members)
    {
        foreach (var name in (string[])["instructions", "temperature", "top_p", "max_output_tokens"])
        {
            members.Refuse(name, InFile);
        }

        foreach (var (index, tool) in (members.Of("tools", JsonValueKind.Array, "a list")?.EnumerateArray() ?? []).Index())
        {
            var type = tool.ValueKind == JsonValueKind.Object && tool.TryGetProperty("type", out var word) ? word.ToString() : "";
            members.Break(RequestMembers.Wrong($"tools[{index}].type", $"Tools of type '{Words.Short(type)}' are not supported: an agent has the tools of its file."));
        }

        if (members.Of("text", JsonValueKind.Object, "an object") is { } text
            && text.TryGetProperty("format", out var format) && format.ValueKind == JsonValueKind.Object
            && format.TryGetProperty("type", out var kind) && !kind.ValueEquals("text"))
        {
            members.Break(RequestMembers.Wrong("text.format", "'text.format' other than text is not supported: an agent's file has the schema of its answers."));
        }
    }
}
