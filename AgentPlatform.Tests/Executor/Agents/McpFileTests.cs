using AgentPlatform.Executor.Agents;
using AgentPlatform.Executor.Agents.Files;
using AgentPlatform.Executor.Tools;
using AgentPlatform.Executor.Tools.Mcp;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace AgentPlatform.Tests.Executor.Agents;

/// <summary>MCP servers in agents' files: of the configuration by name, or declared in the file.</summary>
public sealed class McpFileTests
{
    private const string Declared = """
        name: a
        description: A.
        instructions: B.
        tools: [clock, git__*]
        mcp:
          files:
            command: npx
            arguments: [-y, "@modelcontextprotocol/server-filesystem", /srv/docs]
            environment: { TOKEN: "{secret:files}" }
            tools: [read_file, write.file]
            effects: { read_file: pure }
            trust_annotations: true
            deadline: 10s
        approval: { tools: [files__read_file, git__commit] }
        """;

    private static readonly McpRules Rules = new(
        [new McpServerDefinition { Name = "git", Source = "Tools:Mcp:Servers:git", Command = "git-mcp" }],
        new ToolSecrets(new ConfigurationBuilder().AddInMemoryCollection([new("Tools:Secrets:files", "s")]).Build()));

    [Fact]
    public void A_file_names_tools_of_configured_servers_and_declares_its_own()
    {
        var agent = Assert.Single(Parse(Declared));

        Assert.Equal(["clock", "git__*", "files__read_file", "files__write_file"], agent.Tools);
        var server = Assert.Single(agent.McpServers!);
        Assert.Equal(("files", "agents/a.yaml:6", "npx", true, 10), (server.Name, server.Source, server.Command, server.TrustAnnotations, server.DeadlineSeconds));
        Assert.Equal(["-y", "@modelcontextprotocol/server-filesystem", "/srv/docs"], server.Arguments);
        Assert.Equal(("{secret:files}", ToolEffect.Pure), (server.Environment["TOKEN"], server.Effects["read_file"]));
        Assert.Equal(["files__read_file", "git__commit"], agent.Approval.Tools);
    }

    [Fact]
    public void The_declaration_is_part_of_the_version_and_of_what_is_stored()
    {
        var agent = Assert.Single(Parse(Declared));
        var read = AgentVersion.Read(AgentVersion.Write(agent), agent.Version);

        Assert.NotEqual(agent.Version, Assert.Single(Parse(Declared.Replace("/srv/docs", "/srv/else", StringComparison.Ordinal))).Version);
        Assert.Equal((agent.Version, "npx"), (AgentVersion.Stamp(read).Version, Assert.Single(read.McpServers!).Command));
    }

    [Theory]
    [InlineData("git__*", "gitt__*", "agents/a.yaml:4:16: tools[1]: there is no tool 'gitt__*'")]
    [InlineData("  files:", "  my_files:", "agents/a.yaml:6:3: mcp.my_files: 'my_files' is no name for a server: use 1 to 24 of a-z, 0-9 and -")]
    [InlineData("  files:", "  git:", "agents/a.yaml:6:3: mcp.git: this server is declared in Tools:Mcp:Servers:git already: choose another name")]
    [InlineData("command: npx", "url: ftp://x", "agents/a.yaml:6:3: mcp.files.url: give an absolute http or https URL")]
    [InlineData("secret:files", "secret:other", "agents/a.yaml:6:3: mcp.files.environment.TOKEN: there is no secret 'other': set Tools:Secrets:other")]
    [InlineData("pure", "harmless", "agents/a.yaml:11:27: mcp.files.effects.read_file: 'harmless' is not known")]
    [InlineData("deadline", "deadlin", "agents/a.yaml:13:5: mcp.files.deadlin: this key is not known: did you mean 'deadline'?")]
    [InlineData("git__commit", "svn__commit", "agents/a.yaml:14:39: approval.tools[1]: there is no tool of this agent 'svn__commit'")]
    public void A_mistake_is_reported_at_its_place(string before, string after, string error)
    {
        var text = Declared.Replace(before, after, StringComparison.Ordinal);
        var errors = Assert.Throws<AgentFilesException>(() => Parse(text)).Errors.Select(found => found.ToString()).ToList();
        Assert.True(errors.Exists(found => found.StartsWith(error, StringComparison.Ordinal)), string.Join('\n', errors));
    }

    [Fact]
    public void Two_files_cannot_declare_one_server()
    {
        var error = Assert.Single(Assert.Throws<AgentFilesException>(
            () => Parse(Declared, Declared.Replace("name: a", "name: b", StringComparison.Ordinal))).Errors);

        Assert.Equal("agents/b.yaml:6:3: mcp.files: this server is declared in agents/a.yaml:6 already: choose another name", error.ToString());
    }

    private static IReadOnlyList<AgentDefinition> Parse(params string[] texts) => AgentFiles.Parse(
        "agents", [.. texts.Select((text, index) => new AgentFile($"agents/{(char)('a' + index)}.yaml", text))], ["calculator", "clock"], ["default"], mcp: Rules);
}
