using Microsoft.Extensions.Options;

namespace AgentPlatform.Executor.Tools.Mcp;

/// <summary>The section <c>Tools:Mcp:Servers</c>, read; what is wrong with it ends the start, all of it at once.</summary>
internal sealed class McpServersOptions : IValidateOptions<McpServersOptions>
{
    public const string Section = "Tools:Mcp:Servers";

    public IReadOnlyList<McpServerDefinition> Servers { get; private set; } = [];

    private List<string> Errors { get; set; } = [];

    public static void Read(McpServersOptions options, IConfiguration configuration, ToolSecrets secrets)
    {
        var errors = new List<string>();
        options.Servers = [.. configuration.GetSection(Section).GetChildren()
            .Select(section => new McpServerSection(section, secrets, errors).Read())
            .OfType<McpServerDefinition>()];
        options.Errors = errors;
    }

    public ValidateOptionsResult Validate(string? name, McpServersOptions options) =>
        options.Errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(options.Errors);
}
