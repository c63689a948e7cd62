using System.Globalization;

namespace AgentPlatform.Executor.Tools.Mcp;

/// <summary>Reads one server's section, <c>Tools:Mcp:Servers:&lt;name&gt;</c>. Each mistake becomes a sentence with its key and the remedy.</summary>
internal sealed class McpServerSection(IConfigurationSection section, ToolSecrets secrets, List<string> errors)
{
    private static readonly string[] Known =
    [
        "Command", "Arguments", "Environment", "WorkingDirectory", "Url", "Headers", "TrustAnnotations", "Effects", "DeadlineSeconds", "MaxResultLength",
        "MaxConcurrent",
    ];

    /// <summary>Null when it is not usable.</summary>
    public McpServerDefinition? Read()
    {
        var before = errors.Count;
        if (!McpNames.IsServer(section.Key))
        {
            errors.Add($"{section.Path}: this is no name for a server: {McpNames.ServerRule}.");
        }

        foreach (var child in section.GetChildren().Where(child => !Known.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
        {
            errors.Add($"{child.Path}: there is no such setting. Known are {string.Join(", ", Known)}.");
        }

        var definition = new McpServerDefinition
        {
            Name = section.Key,
            Source = section.Path,
            Command = Text("Command"),
            Arguments = [.. section.GetSection("Arguments").GetChildren().Select(argument => argument.Value ?? "")],
            Environment = Map("Environment"),
            WorkingDirectory = Text("WorkingDirectory"),
            Url = Text("Url"),
            Headers = Map("Headers"),
            TrustAnnotations = Flag("TrustAnnotations"),
            Effects = Effects(),
            DeadlineSeconds = Number("DeadlineSeconds", McpServerDefinition.DefaultDeadlineSeconds, 0.1, 3_600),
            MaxResultLength = (int)Number("MaxResultLength", ToolEffectAttribute.DefaultMaxResultLength, 100, 1_000_000),
            MaxConcurrent = (int)Number("MaxConcurrent", McpServerDefinition.DefaultMaxConcurrent, 1, 1_000),
        };
        foreach (var (key, problem) in McpServerRules.Broken(definition, secrets))
        {
            errors.Add($"{section.Path}:{key}: {problem}.");
        }

        return errors.Count == before ? definition : null;
    }

    private string? Text(string key) => string.IsNullOrWhiteSpace(section[key]) ? null : section[key]!.Trim();

    private Dictionary<string, string> Map(string key) =>
        section.GetSection(key).GetChildren().ToDictionary(child => child.Key, child => child.Value ?? "", StringComparer.Ordinal);

    private Dictionary<string, ToolEffect> Effects()
    {
        var effects = new Dictionary<string, ToolEffect>(StringComparer.Ordinal);
        foreach (var child in section.GetSection("Effects").GetChildren())
        {
            if (Enum.TryParse<ToolEffect>(child.Value, ignoreCase: true, out var effect) && Enum.IsDefined(effect) && !char.IsAsciiDigit(child.Value[0]))
            {
                effects[child.Key] = effect;
            }
            else
            {
                errors.Add($"{child.Path}: '{child.Value}' is not one of pure, read, idempotent, write.");
            }
        }

        return effects;
    }

    private bool Flag(string key)
    {
        if (section[key] is not { Length: > 0 } text)
        {
            return false;
        }

        if (!bool.TryParse(text, out var flag))
        {
            errors.Add($"{section.Path}:{key}: '{text}' is neither true nor false.");
        }

        return flag;
    }

    private double Number(string key, double fallback, double least, double most)
    {
        if (section[key] is not { Length: > 0 } text)
        {
            return fallback;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        errors.Add(string.Create(CultureInfo.InvariantCulture, $"{section.Path}:{key}: '{text}' is not a number from {least} to {most}."));
        return fallback;
    }
}
