using AgentPlatform.Executor.Agents;
using AgentPlatform.Executor.Agents.Files;
using Xunit;

namespace AgentPlatform.Tests.Executor.Agents;

public sealed class AgentVersionTests
{
    private const string Base = """
        name: a
        description: d
        instructions: i
        temperature: 0.5
        tools: [clock]
        response_schema: { type: object, properties: { x: { type: number, minimum: 1 } } }
        limits: { max_iterations: 3 }
        """;

    [Fact]
    public void A_version_never_changes_for_the_same_content()
    {
        // Stored in rows and cache keys: a change of this value orphans them all.
        Assert.Equal("624eb3f3c5046ceb", Version(Base));
    }

    [Theory]
    [InlineData("""
        # a comment
        limits:
            max_iterations:   3
        response_schema:
            properties: { x: { minimum: 1.0, type: "number" } }
            type: object
        tools:
        - clock
        temperature: 0.50
        instructions: "i"
        description: 'd'
        name: a
        """)]
    [InlineData(Base + "\nmodel: default\ncache: { enabled: true, ttl: 1h, jitter: 0.05, unicode: nfc, white_space: collapse, case: exact }\ncontext_tokens: 8000")]
    public void What_does_not_change_the_agent_does_not_change_the_version(string text) => Assert.Equal(Version(Base), Version(text));

    [Theory]
    [InlineData("temperature: 0.5", "temperature: 0.6")]
    [InlineData("temperature: 0.5", "")]
    [InlineData("instructions: i", "instructions: j")]
    [InlineData("name: a", "name: b")]
    [InlineData("minimum: 1", "minimum: 2")]
    [InlineData("[clock]", "[clock, calculator]")]
    [InlineData("max_iterations: 3", "max_iterations: 4")]
    [InlineData("tools: [clock]", "tools: [clock]\ncache: { jitter: 0 }")]
    [InlineData("tools: [clock]", "tools: [clock]\ncache: { unicode: nfkc }")]
    [InlineData("tools: [clock]", "tools: [clock]\ncache: { white_space: exact }")]
    [InlineData("tools: [clock]", "tools: [clock]\ncache: { case: ignore }")]
    public void What_changes_the_agent_changes_the_version(string before, string after) =>
        Assert.NotEqual(Version(Base), Version(Base.Replace(before, after, StringComparison.Ordinal)));

    [Fact]
    public void The_stored_form_reads_back_to_the_same_definition()
    {
        var agent = Parse(Base);

        var read = AgentVersion.Read(AgentVersion.Write(agent), agent.Version);

        Assert.Equal(agent.Version, read.Version);
        Assert.Equal(AgentVersion.Stamp(agent).Version, AgentVersion.Stamp(read).Version);
        Assert.Equal(AgentVersion.Write(agent), AgentVersion.Write(read));
    }

    [Fact]
    public void The_stored_form_stays_what_it_is() => Assert.Equal(
        """{"approval":{"effects":[],"tools":[]},"cache":{"allow_read":false,"enabled":true,"stale_seconds":86400,"ttl_seconds":3600},"concurrency":"queue","context_tokens":8000,"description":"d","fallback_models":[],"instructions":"i","limits":{"max_iterations":3,"max_repeated_calls":3,"max_tool_calls":50},"model":"default","name":"a","response_schema":{"properties":{"x":{"minimum":1,"type":"number"}},"type":"object"},"temperature":0.5,"tools":["clock"]}""",
        AgentVersion.Write(Parse(Base)));

    private static string Version(string text) => Parse(text).Version;

    private static AgentDefinition Parse(string text) =>
        Assert.Single(AgentFiles.Parse("agents", [new AgentFile("agents/a.yaml", text)], ["clock", "calculator"], ["default"]));
}
