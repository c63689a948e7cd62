using Microsoft.Extensions.Options;

namespace AgentPlatform.Executor.Tools.Http;

/// <summary>The section <c>Tools:Http</c>, read; what is wrong with it ends the start, all of it at once.</summary>
internal sealed class HttpToolsOptions : IValidateOptions<HttpToolsOptions>
{
    public const string Section = "Tools:Http";

    public IReadOnlyList<HttpToolDefinition> Tools { get; private set; } = [];

    private List<string> Errors { get; set; } = [];

    public static void Read(HttpToolsOptions options, IConfiguration configuration)
    {
        var tools = new List<HttpToolDefinition>();
        var errors = new List<string>();
        foreach (var section in configuration.GetSection(Section).GetChildren())
        {
            var before = errors.Count;
            var tool = new HttpToolSection(section, errors).Read();
            if (tool is not null && errors.Count == before)
            {
                tools.Add(tool);
            }
        }

        options.Tools = tools;
        options.Errors = errors;
    }

    public ValidateOptionsResult Validate(string? name, HttpToolsOptions options) =>
        options.Errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(options.Errors);
}
