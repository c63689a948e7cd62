using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Agents;
using AgentPlatform.Executor.Agents.Files;
using Xunit;

namespace AgentPlatform.Tests.Executor.Agents;

public sealed class AgentFileTests
{
    private static readonly string[] Tools = ["calculator", "clock", "http_get"];

    private static readonly string[] Models = ["default", "small"];

    [Fact]
    public void Every_key_is_read()
    {
        var agent = Assert.Single(Parse("""
            name: full-1
            description: "All keys"
            instructions: |
              Line one for {date}.
              Line two.
            model: small
            fallback_models: [default]
            temperature: 0.2
            top_p: 1
            max_tokens: 500
            response_schema:
              type: object
              properties:
                sum: { type: number, maximum: 1.50 }
                note: { type: [string, "null"] }
              required: [sum]
            tools:
              - calculator
              - http_get
            limits:
              max_iterations: 4
              max_tool_calls: 9
              max_repeated_calls: 2
              max_total_tokens: 100_000
              max_cost_usd: 0.05
              max_seconds: 1.5m
            cache: { enabled: true, ttl: 30m, stale: 2d, allow_read: true, jitter: 0.2, unicode: nfkc, white_space: exact, case: ignore }
            concurrency: reject
            approval:
              tools: [http_get]
              effects: [idempotent, write]
              expires: 1h
            context_tokens: 1000
            summary: true
            """));

        Assert.Equal(("full-1", "All keys", "small"), (agent.Name, agent.Description, agent.Model));
        Assert.Equal("Line one for {date}.\nLine two.", agent.Instructions);
        Assert.Equal(["default"], agent.FallbackModels);
        Assert.Equal((0.2, 1.0, 500), (agent.Temperature, agent.TopP, agent.MaxTokens));
        Assert.Equal(
            """{"type":"object","properties":{"sum":{"type":"number","maximum":1.5},"note":{"type":["string","null"]}},"required":["sum"]}""",
            JsonSerializer.Serialize(agent.ResponseSchema));
        Assert.Equal(["calculator", "http_get"], agent.Tools);
        Assert.Equal(
            new AgentLimits
            {
                MaxIterations = 4,
                MaxToolCalls = 9,
                MaxRepeatedCalls = 2,
                MaxTotalTokens = 100_000,
                MaxCostUsd = 0.05m,
                MaxSeconds = 90,
            },
            agent.Limits);
        Assert.Equal(
            new AgentCachePolicy
            {
                TtlSeconds = 1_800,
                StaleSeconds = 172_800,
                AllowRead = true,
                Jitter = 0.2,
                Unicode = QuestionUnicode.Nfkc,
                WhiteSpace = QuestionWhiteSpace.Exact,
                Case = QuestionCase.Ignore,
            },
            agent.Cache);
        Assert.Equal(SessionConcurrency.Reject, agent.Concurrency);
        Assert.Equal(["http_get"], agent.Approval.Tools);
        Assert.Equal([ToolEffect.Idempotent, ToolEffect.Write], agent.Approval.Effects);
        Assert.Equal(3_600, agent.Approval.ExpiresSeconds);
        Assert.Equal((1_000, true), (agent.ContextTokens, agent.Summary));
    }

    [Fact]
    public void Three_keys_are_enough_and_the_rest_has_defaults()
    {
        var agent = Assert.Single(Parse(AgentBench.Minimal("small-one")));

        var defaults = new AgentDefinition { Name = "", Version = "", Description = "", Instructions = "" };
        Assert.Equal((defaults.Model, defaults.ContextTokens, defaults.Concurrency), (agent.Model, agent.ContextTokens, agent.Concurrency));
        Assert.Equal((defaults.Limits, defaults.Cache), (agent.Limits, agent.Cache));
        Assert.Empty(agent.Tools);
        Assert.Null(agent.ResponseSchema);
    }

    [Theory]
    [InlineData("temprature: 0.2", "4:1: temprature: this key is not known: did you mean 'temperature'?")]
    [InlineData("limits:\n  max_iteration: 3", "5:3: limits.max_iteration: this key is not known: did you mean 'max_iterations'?")]
    [InlineData("cache: { size: 3 }", "4:10: cache.size: this key is not known: known are enabled, ttl, stale, allow_read, jitter, unicode, white_space, case")]
    [InlineData("temperature: hot", "4:14: temperature: 'hot' is not a number")]
    [InlineData("temperature: \"0.2\"", "4:14: temperature: '0.2' is not a number")]
    [InlineData("temperature: .nan", "4:14: temperature: '.nan' is not a number")]
    [InlineData("temperature: 3", "4:14: temperature: it must be from 0 to 2, not 3")]
    [InlineData("top_p: -1", "4:8: top_p: it must be from 0 to 1, not -1")]
    [InlineData("max_tokens: 1.5", "4:13: max_tokens: '1.5' is not an integer")]
    [InlineData("max_tokens: 99999999999999999999", "4:13: max_tokens: '99999999999999999999' is not an integer")]
    [InlineData("limits: { max_iterations: 0 }", "4:27: limits.max_iterations: it must be from 1 to 1000, not 0")]
    [InlineData("limits:\n  max_cost_usd: free", "5:17: limits.max_cost_usd: 'free' is not a number of US dollars")]
    [InlineData("limits:\n  max_seconds: 0", "5:16: limits.max_seconds: it must be from 0.1s to 7d, not 0")]
    [InlineData("limits: 5", "4:9: limits: keys and values are expected here, indented below it")]
    [InlineData("cache:\n  enabled: yes", "5:12: cache.enabled: 'yes' is neither true nor false")]
    [InlineData("cache:\n  ttl: soon", "5:8: cache.ttl: 'soon' is not a duration: write seconds, or a number with s, m, h or d, such as 30m")]
    [InlineData("cache:\n  stale: 60d", "5:10: cache.stale: it must be from 0s to 30d, not 60d")]
    [InlineData("cache:\n  jitter: 0.6", "5:11: cache.jitter: it must be from 0 to 0.5, not 0.6")]
    [InlineData("cache: { unicode: nfd }", "4:19: cache.unicode: 'nfd' is not known: did you mean 'nfc'?")]
    [InlineData("cache: { white_space: keep }", "4:23: cache.white_space: 'keep' is not known: known are collapse, exact")]
    [InlineData("cache: { case: lower }", "4:16: cache.case: 'lower' is not known: known are exact, ignore")]
    [InlineData("concurrency: wait", "4:14: concurrency: 'wait' is not known: known are queue, reject")]
    [InlineData("tools: [calculater]", "4:9: tools[0]: there is no tool 'calculater': did you mean 'calculator'?")]
    [InlineData("tools:\n  - clock\n  - clock", "6:5: tools[1]: 'clock' is listed twice: remove one")]
    [InlineData("tools: clock", "4:8: tools: a list is expected, such as [a, b]")]
    [InlineData("tools: [[clock]]", "4:9: tools[0]: a name is expected here")]
    [InlineData("model: gpt", "4:8: model: 'gpt' is not known: known are default, small")]
    [InlineData("fallback_models: [smal]", "4:19: fallback_models[0]: there is no model 'smal': did you mean 'small'?")]
    [InlineData("model: [small]", "4:8: model: a single value is expected here")]
    [InlineData("approval: { tools: [clock] }", "4:21: approval.tools[0]: there is no tool of this agent 'clock': there is none")]
    [InlineData("approval: { effects: [read, reed] }", "4:29: approval.effects[1]: there is no effect 'reed': did you mean 'read'?")]
    [InlineData("approval:\n  expires: 1w", "5:12: approval.expires: '1w' is not a duration: write seconds, or a number with s, m, h or d, such as 30m")]
    [InlineData("response_schema: text", "4:18: response_schema: a JSON schema is expected here: keys such as type and properties")]
    [InlineData("response_schema: { type: string }", "4:18: response_schema: the answer must be an object: write 'type: object' and its properties")]
    [InlineData("response_schema: { type: objekt }", "4:26: response_schema.type: a type is one of object, array, string, number, integer, boolean, null, with \"null\" in quotes")]
    [InlineData("response_schema:\n  type: object\n  properties:\n    a: { type: [number, null] }", "7:25: response_schema.properties.a.type: a type is one of ")]
    [InlineData("response_schema:\n  type: object\n  properties:\n    a: number", "7:8: response_schema.properties.a: a JSON schema is expected here: keys such as type and properties")]
    [InlineData("response_schema:\n  type: object\n  properties: [a, b]", "6:15: response_schema.properties: names with a JSON schema each are expected here")]
    [InlineData("response_schema:\n  type: object\n  required: a", "6:13: response_schema.required: a list with at least one entry is expected here")]
    [InlineData("response_schema:\n  type: object\n  $ref: '#/nowhere'", "5:3: response_schema: the JSON schema cannot be read: check its types and references")]
    [InlineData("response_schema: { type: object, $ref: 'http://127.0.0.1:1/x.json' }", "4:18: response_schema: a JSON schema may only refer to its own parts, not to a URL")]
    [InlineData("response_schema: { type: object, $ref: 'other.json' }", "4:18: response_schema: ")]
    [InlineData("name: twice", "4:1: name: this key is there already, on line 1: keep one")]
    [InlineData("limits:\n  max_seconds: 1\n  max_seconds: 2", "6:3: limits.max_seconds: this key is there already, on line 5: keep one")]
    [InlineData("tools: &all [clock]", "4:8: this is not valid YAML: Anchors and aliases are not supported: write the value out")]
    [InlineData("tools: *all", "4:8: this is not valid YAML: Anchors and aliases are not supported: write the value out")]
    [InlineData("tools: [clock", "5:1: this is not valid YAML: ")]
    [InlineData("---\nname: other", "4:1: a second document starts here: write one agent per file")]
    [InlineData("max_tokens:\n  a: 1", "5:3: max_tokens: a single value is expected here")]
    public void A_mistake_is_reported_at_its_place_with_its_remedy(string line, string error)
    {
        var found = Assert.Single(Errors(AgentBench.Minimal("a", line)));

        Assert.StartsWith($"agents/a.yaml:{error}", found, StringComparison.Ordinal);
        Assert.True(error.EndsWith(' ') || found.Length == $"agents/a.yaml:{error}".Length, found);
    }

    [Theory]
    [InlineData("", "1:1: the file is empty: write at least name, description and instructions")]
    [InlineData("# only a comment\n", "1:1: the file is empty: write at least name, description and instructions")]
    [InlineData("- a\n- b", "1:1: the file must be a mapping of keys such as name, description and instructions")]
    [InlineData("hello", "1:1: the file must be a mapping of keys such as name, description and instructions")]
    [InlineData("description: d\ninstructions: i", "1:1: name: this key is missing: add 'name: …'")]
    [InlineData("name: a\ninstructions: i", "1:1: description: this key is missing: add 'description: …'")]
    [InlineData("name: a\ndescription: d", "1:1: instructions: this key is missing: add 'instructions: …'")]
    [InlineData("name: a\ndescription: d\ninstructions: ''", "3:15: instructions: it must not be empty")]
    [InlineData("name: My Agent\ndescription: d\ninstructions: i", "1:7: name: 'My Agent' is not a name: use 1 to 64 of a-z, 0-9 and -")]
    [InlineData("name: \"a\\nb\"\ndescription: d\ninstructions: i", "1:7: name: 'a\nb' is not a name: use 1 to 64 of a-z, 0-9 and -")]
    public void A_file_as_a_whole_is_checked_too(string text, string error) =>
        Assert.Equal([$"agents/a.yaml:{error}"], Errors(text));

    [Fact]
    public void All_errors_of_all_files_come_at_once()
    {
        var error = Assert.Throws<AgentFilesException>(() => AgentFiles.Parse(
            "agents",
            [
                new AgentFile("agents/a.yaml", AgentBench.Minimal("same", "temperature: 9\nmax_tokens: x\ntols: []")),
                new AgentFile("agents/b.yaml", "name: same\ndescription: d"),
                new AgentFile("agents/c.yaml", "{"),
                new AgentFile("agents/d.yaml", AgentBench.Minimal("fine")),
            ],
            Tools,
            Models));

        Assert.Equal(
            """
            The agent files have 6 error(s):
            agents/a.yaml:4:14: temperature: it must be from 0 to 2, not 9
            agents/a.yaml:5:13: max_tokens: 'x' is not an integer
            agents/a.yaml:6:1: tols: this key is not known: did you mean 'tools'?
            agents/b.yaml:1:1: instructions: this key is missing: add 'instructions: …'
            agents/b.yaml:1:7: name: the agent 'same' is defined in agents/a.yaml:1 already: choose another name
            """,
            string.Join('\n', error.Message.ReplaceLineEndings("\n").Split('\n')[..6]));
        Assert.StartsWith("agents/c.yaml:2:1: this is not valid YAML: ", error.Errors[5].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_folder_is_an_error() =>
        Assert.Equal(
            ["/srv/agents:1:1: there is no agent here: add a file such as default.yaml, or set Agents:Directory"],
            Assert.Throws<AgentFilesException>(() => AgentFiles.Parse("/srv/agents", [], Tools, Models)).Errors.Select(error => error.ToString()));

    [Fact]
    public void Where_no_model_is_called_default_an_agent_must_name_one() =>
        Assert.Equal(
            "agents/a.yaml:1:1: model: no model is named 'default': name one of local",
            Assert.Single(Assert.Throws<AgentFilesException>(
                () => AgentFiles.Parse("agents", [new AgentFile("agents/a.yaml", AgentBench.Minimal("a"))], Tools, ["local"])).Errors).ToString());

    [Fact]
    public void The_files_that_ship_are_valid()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "agents");
        var files = Directory.EnumerateFiles(folder, "*.yaml").Select(file => new AgentFile(Path.GetFileName(file), File.ReadAllText(file)));

        var agents = AgentFiles.Parse(folder, [.. files], [.. Tools, "search_documents"], ["default"]);

        Assert.Equal(["default", "researcher", "strict-math"], agents.Select(agent => agent.Name));
        Assert.Equal([3, 2, 1], agents.Select(agent => agent.Tools.Count));
        Assert.NotNull(agents[2].ResponseSchema);
        Assert.True(agents[2].Limits.MaxIterations < 10);
    }

    [Fact]
    public void A_limit_in_money_needs_models_that_have_prices()
    {
        const string text = "name: a\ndescription: A.\ninstructions: B.\nfallback_models: [small]\nlimits: { max_cost_usd: 0.05 }";

        var error = Assert.Single(Assert.Throws<AgentFilesException>(() => AgentFiles.Parse(
            "agents", [new AgentFile("agents/a.yaml", text)], Tools, Models, name => name == "default")).Errors);

        Assert.EndsWith("limits.max_cost_usd: it cannot be kept: set Models:small:InputPrice and Models:small:OutputPrice", error.ToString(), StringComparison.Ordinal);
    }

    private static IReadOnlyList<AgentDefinition> Parse(string text) =>
        AgentFiles.Parse("agents", [new AgentFile("agents/a.yaml", text)], Tools, Models);

    private static List<string> Errors(string text) =>
        [.. Assert.Throws<AgentFilesException>(() => Parse(text)).Errors.Select(error => error.ToString())];
}
