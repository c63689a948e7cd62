using AgentPlatform.Executor.Tools;
using AgentPlatform.Executor.Tools.Mcp;

namespace AgentPlatform.Executor.Agents.Files;

/// <summary>Reads the section <c>mcp</c> of an agent's file: servers by name, and which of their tools the agent gets.</summary>
/// <param name="tools">Names that are taken.</param>
internal sealed class McpFileSection(string file, IReadOnlyCollection<string> tools, ToolSecrets secrets)
{
    private const int MaxServers = 16;
    private const int MaxItems = 200;
    private const int MaxText = 10_000;

    private static readonly string[] Effects = [.. Enum.GetNames<ToolEffect>().Select(name => name.ToLowerInvariant())];

    private readonly List<(YamlText, McpServerDefinition)> _declared = [];
    private readonly List<string> _selected = [];

    public IReadOnlyList<(YamlText Place, McpServerDefinition Server)> Declared => _declared;

    /// <summary>Names of tools, or <c>server__*</c>.</summary>
    public IReadOnlyList<string> Selected => _selected;

    public void Read(YamlSection mcp)
    {
        foreach (var name in mcp.Names().Take(MaxServers))
        {
            if (!McpNames.IsServer(name.Value))
            {
                mcp.Add(name, name.Value, $"'{name.Value}' is no name for a server: {McpNames.ServerRule}");
            }
            else if (tools.FirstOrDefault(tool => McpNames.ServerOf(tool) == name.Value) is { } taken)
            {
                mcp.Add(name, name.Value, $"the tool '{taken}' has a name that would be this server's: rename one of them");
            }
            else
            {
                Read(name, mcp.Section(name.Value));
            }
        }
    }

    private void Read(YamlText name, YamlSection section)
    {
        var definition = new McpServerDefinition
        {
            Name = name.Value,
            Source = $"{file}:{name.Line}",
            Command = section.Text("command", required: false, MaxText),
            Arguments = section.Texts("arguments", MaxItems) ?? [],
            Environment = section.Map("environment", MaxText),
            WorkingDirectory = section.Text("working_directory", required: false, MaxText),
            Url = section.Text("url", required: false, MaxText),
            Headers = section.Map("headers", MaxText),
            TrustAnnotations = section.Boolean("trust_annotations") ?? false,
            Effects = ReadEffects(section.Section("effects")),
            DeadlineSeconds = section.Duration("deadline", 0.1, 3_600) ?? McpServerDefinition.DefaultDeadlineSeconds,
            MaxResultLength = (int?)section.Integer("max_result_length", 100, 1_000_000) ?? ToolEffectAttribute.DefaultMaxResultLength,
            MaxConcurrent = (int?)section.Integer("max_concurrent", 1, 1_000) ?? McpServerDefinition.DefaultMaxConcurrent,
        };
        var chosen = section.Texts("tools", MaxItems) ?? ["*"];
        section.End();
        foreach (var (key, problem) in McpServerRules.Broken(definition, secrets))
        {
            section.Add(name, Key(key), problem);
        }

        _selected.AddRange(chosen.Select(tool => McpNames.Of(name.Value, tool)).Distinct(StringComparer.Ordinal));
        _declared.Add((name, definition));
    }

    private static Dictionary<string, ToolEffect> ReadEffects(YamlSection section)
    {
        var effects = new Dictionary<string, ToolEffect>(StringComparer.Ordinal);
        foreach (var tool in section.Names())
        {
            if (section.Word(tool.Value, Effects) is { } word)
            {
                effects[tool.Value] = Enum.Parse<ToolEffect>(word, ignoreCase: true);
            }
        }

        return effects;
    }

    /// <summary>The rules name keys as the configuration spells them.</summary>
    private static string Key(string key)
    {
        var parts = key.Split(':', 2);
        var first = string.Concat(parts[0].Select((c, index) => char.IsUpper(c) ? (index == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString()));
        return parts.Length == 1 ? first : $"{first}.{parts[1]}";
    }
}
