using AgentPlatform.Executor.Tools;
using AgentPlatform.Executor.Tools.Mcp;
using AgentPlatform.Tests.Executor.Tools.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace AgentPlatform.Tests.Executor.Tools.Mcp;

/// <summary>The section <c>Tools:Mcp</c>, its mistakes and its meetings with other tools.</summary>
public sealed class McpSettingsTests
{
    private const string Servers = "Tools:Mcp:Servers";

    [Fact]
    public void Every_mistake_is_told_with_its_key_and_no_value_is_shown()
    {
        using var services = HttpToolBench.Services(
        [
            new($"{Servers}:Bad_Name:Command", "x"),
            new($"{Servers}:both:Command", "x"),
            new($"{Servers}:both:Url", "http://example.org"),
            new($"{Servers}:none:DeadlineSeconds", "soon"),
            new($"{Servers}:web:Url", "http://ada:pass@example.org"),
            new($"{Servers}:web:Headers:Authorization", "Bearer {secret:missing}"),
            new($"{Servers}:web:Headers:Mcp-Session-Id", "1"),
            new($"{Servers}:web:Effects:t", "mild"),
            new($"{Servers}:web:Efects:t", "read"),
        ]);

        var error = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<McpServersOptions>>().Value);

        Assert.Equal(
        [
            $"{Servers}:Bad_Name: this is no name for a server: use 1 to 24 of a-z, 0-9 and -.",
            $"{Servers}:both:Url: a server is a program or an HTTP server; remove one of Command and Url.",
            $"{Servers}:none:Command: it is missing; name the program to start, or give the Url of an HTTP server.",
            $"{Servers}:none:DeadlineSeconds: 'soon' is not a number from 0.1 to 3600.",
            $"{Servers}:web:Efects: there is no such setting. Known are Command, Arguments, Environment, WorkingDirectory, Url, Headers, TrustAnnotations, Effects, DeadlineSeconds, MaxResultLength, MaxConcurrent.",
            $"{Servers}:web:Effects:t: 'mild' is not one of pure, read, idempotent, write.",
            $"{Servers}:web:Headers:Authorization: there is no secret 'missing': set Tools:Secrets:missing.",
            $"{Servers}:web:Headers:Mcp-Session-Id: this is no header that can be set here, or its value is not printable ASCII.",
            $"{Servers}:web:Url: give an absolute http or https URL without a user name.",
        ],
        error.Failures.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_tool_with_a_name_of_a_servers_ends_the_start()
    {
        using var services = HttpToolBench.Services(
        [
            new($"{Servers}:bank:Url", "http://127.0.0.1:1/mcp"),
            new("Tools:Http:bank__transfer:Description", "Moves money."),
            new("Tools:Http:bank__transfer:Method", "POST"),
            new("Tools:Http:bank__transfer:Url", "http://127.0.0.1:1/"),
        ]);

        var error = Assert.Throws<InvalidOperationException>(services.GetRequiredService<ToolCatalogue>);

        Assert.Equal(
            "The tool 'bank__transfer' in Tools:Http has a name that belongs to the MCP server of Tools:Mcp:Servers:bank. Rename one of them.", error.Message);
    }
}
