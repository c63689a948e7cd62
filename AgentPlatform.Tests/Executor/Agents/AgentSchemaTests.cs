using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AgentPlatform.Executor.Agents;
using AgentPlatform.Executor.Agents.Files;
using AgentPlatform.Executor.Tools;
using AgentPlatform.Executor.Tools.OpenApi;
using AgentPlatform.Tests.Executor.Tools.Http;
using AgentPlatform.Tests.Node;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AgentPlatform.Tests.Executor.Agents;

/// <summary>The published schema says what the parser does. The parser is asked: what it refuses and why tells its keys, words and bounds.</summary>
public sealed partial class AgentSchemaTests(NodePackages node)
{
    /// <summary>Near to no key and no word.</summary>
    private const string Unknown = "zzzzzzzzzzzz";

    private static readonly OpenApiSection OpenApi = SectionOf(HttpToolBench.Services([], time: null));

    private static readonly string[] Tools = ["calculator", "clock", "http_get", "search_documents"];

    public static TheoryData<string> Fitting => new(
        "",
        "model: small\nfallback_models: [default]",
        "temperature: 0.2\ntop_p: 1\nmax_tokens: 500",
        "max_tokens: 100_000",
        "tools: [calculator, http_get]\napproval: { tools: [http_get], effects: [idempotent, write], expires: 1h }",
        "limits: { max_iterations: 4, max_tool_calls: 9, max_repeated_calls: 2, max_total_tokens: 1_000_000, max_cost_usd: 0.05, max_seconds: 1.5m }",
        "limits: { max_seconds: 90 }",
        "cache: { enabled: true, ttl: 30m, stale: 2d, allow_read: true, jitter: 0.2, unicode: nfkc, white_space: exact, case: ignore }",
        "cache: { enabled: false }",
        "concurrency: reject\ncontext_tokens: 0\nsummary: true",
        "response_schema: { type: object }",
        "mcp: { files: { command: npx, arguments: [-y, a-server, 3], environment: { LEVEL: warn }, working_directory: /tmp, tools: [read_file] } }",
        "mcp: { shop: { url: 'https://example.org/mcp', headers: { X-Shop: one }, trust_annotations: true, effects: { find: read }, deadline: 5s, max_result_length: 5_000, max_concurrent: 2 } }",
        "openapi: [{ document: 'https://example.org/openapi.json' }]",
        "openapi:\n  - document: https://example.org/openapi.json\n    operations: [a, b]\n    tags: [c]\n    prefix: shop_\n    server: https://example.org/v1\n    effects: { a: read }\n    deadline: 1.5m\n    max_result_length: 400",
        "response_schema:\n  type: object\n  properties:\n    sum: { type: number, maximum: 1.50 }\n    note: { type: [string, \"null\"] }\n    list: { type: array, items: { enum: [a, 1] } }\n  required: [sum]\n  additionalProperties: false",
        "response_schema: { type: object, $defs: { n: { type: number } }, properties: { a: { $ref: '#/$defs/n' } } }");

    public static TheoryData<string> Wrong => new(
        "temprature: 0.2",
        "limits: { max_iteration: 3 }",
        "cache: { size: 3 }",
        "approval: { tool: [clock] }",
        "temperature: hot",
        "temperature: \"0.2\"",
        "temperature: 3",
        "top_p: -1",
        "max_tokens: 1.5",
        "max_tokens: 0",
        "limits: { max_iterations: 0 }",
        "limits: { max_cost_usd: free }",
        "limits: { max_seconds: 0 }",
        "limits: 5",
        "cache: { enabled: yes }",
        "cache: { ttl: soon }",
        "cache: { ttl: 1w }",
        "cache: { jitter: 0.6 }",
        "cache: { unicode: nfd }",
        "concurrency: wait",
        "summary: 1",
        "tools: clock",
        "tools: [clock, clock]",
        "tools: [[clock]]",
        "model: [small]",
        "approval: { effects: [reed] }",
        "approval: { expires: 1w }",
        "mcp: { Shop: { command: npx } }",
        "mcp: { shop: {} }",
        "mcp: { shop: { command: npx, url: 'https://example.org/mcp' } }",
        "mcp: { shop: { commnd: npx } }",
        "mcp: { shop: { url: 'ftp://example.org' } }",
        "mcp: { shop: { command: npx, effects: { a: reed } } }",
        "mcp: { shop: { command: npx, deadline: 1w } }",
        "mcp: [shop]",
        "openapi: { document: a.json }",
        "openapi: [{ operations: [a] }]",
        "openapi: [{ document: 'https://example.org/a.json', tag: [a] }]",
        "openapi: [{ document: 'https://example.org/a.json', prefix: 'a b' }]",
        "openapi: [{ document: 'https://example.org/a.json', effects: { a: reed } }]",
        "openapi: [{ document: 'https://example.org/a.json', deadline: 1w }]",
        "response_schema: text",
        "response_schema: { type: string }",
        "response_schema: { type: objekt }",
        "response_schema: { properties: {} }",
        "response_schema: { type: object, properties: { a: number } }",
        "response_schema: { type: object, properties: [a, b] }",
        "response_schema: { type: object, properties: { a: { type: [number, null] } } }",
        "response_schema: { type: object, required: a }",
        "response_schema: { type: object, properties: { a: { enum: [] } } }");

    [Fact]
    public void The_schema_has_the_keys_of_the_parser_and_no_others()
    {
        var closed = AgentSchema.Nodes().Where(node => node.IsClosed).ToList();

        Assert.Contains(closed, node => node.Path == "limits");
        Assert.All(closed, node =>
        {
            var error = Assert.Single(ErrorsOf(node.Wrap($$"""{"{{Unknown}}":1}""")), error => error.EndsWith(Known(node.Path, error) ?? "?", StringComparison.Ordinal));
            Assert.Equal(
                Known(node.Path, error)!.Split(", ").Order(StringComparer.Ordinal),
                node.Schema.GetProperty("properties").EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        });
    }

    [Fact]
    public void Words_bounds_and_lengths_are_the_parsers()
    {
        var probed = 0;
        foreach (var node in AgentSchema.Nodes())
        {
            if (node.Schema.TryGetProperty("enum", out var words))
            {
                var errors = ErrorsOf(node.Wrap($"\"{Unknown}\""));
                Assert.Contains(errors, error => error.EndsWith($"known are {string.Join(", ", words.EnumerateArray())}", StringComparison.Ordinal));
                probed++;
            }

            if (node.Schema.TryGetProperty("maximum", out var most))
            {
                var errors = ErrorsOf(node.Wrap(((most.GetDecimal() * 10) + 1).ToString("0.######", CultureInfo.InvariantCulture)));
                var bounds = errors.Select(error => Bounds().Match(error)).Single(match => match.Success);
                Assert.Equal(
                    (node.Path, node.Schema.GetProperty("minimum").GetDouble(), most.GetDouble()),
                    (node.Path, Seconds(bounds.Groups[1]), Seconds(bounds.Groups[2])));
                probed++;
            }

            if (node.Schema.TryGetProperty("maxLength", out var longest))
            {
                var errors = ErrorsOf(node.Wrap($"\"{new string('x', longest.GetInt32() + 1)}\""));
                Assert.Contains(errors, error => error.EndsWith($"at most {longest} are allowed", StringComparison.Ordinal));
                probed++;
            }
        }

        Assert.True(probed > 20, $"only {probed} facts were compared");
    }

    [Fact]
    public void Defaults_written_out_are_the_same_agent_as_defaults_left_out()
    {
        var written = JsonNode.Parse(AgentBench.MinimalJson)!.AsObject();
        foreach (var node in AgentSchema.Nodes().Where(node => node.Schema.TryGetProperty("default", out _)))
        {
            var place = written;
            var keys = node.Path.Split('.');
            foreach (var key in keys.SkipLast(1))
            {
                place = (place[key] ??= new JsonObject()).AsObject();
            }

            place[keys[^1]] = JsonNode.Parse(node.Schema.GetProperty("default").GetRawText());
        }

        Assert.Equal(Parse(AgentBench.MinimalJson).Version, Parse(written.ToJsonString()).Version);
    }

    [Fact]
    public void Every_key_is_described() =>
        Assert.All(
            AgentSchema.Nodes().Where(node => !node.Path.EndsWith(']')),
            node => Assert.True(node.Schema.TryGetProperty("description", out _), node.Path));

    [Fact]
    public async Task Parser_and_schema_agree_on_what_fits_and_what_does_not()
    {
        var shipped = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "agents"), "*.yaml");
        Assert.Equal(3, shipped.Length);
        string[] fitting = [.. shipped.Select(File.ReadAllText), .. Fitting.Select(row => AgentBench.Minimal("a", row.Data))];
        string[] wrong = [.. Wrong.Select(row => AgentBench.Minimal("a", row.Data)), "name: My Agent\ndescription: d\ninstructions: i", "name: a\ndescription: d", "name: a\ndescription: ''\ninstructions: i"];

        Assert.All(fitting, text => Assert.Empty(ErrorsOf(text)));
        Assert.All(wrong, text => Assert.NotEmpty(ErrorsOf(text)));
        var verdicts = await VerdictsAsync([.. fitting, .. wrong]);
        Assert.All(fitting.Zip(verdicts), pair => Assert.True(pair.Second is null, $"{pair.First}: {pair.Second}"));
        Assert.All(wrong.Zip(verdicts.Skip(fitting.Length)), pair => Assert.True(pair.Second is not null, $"the schema takes {pair.First}"));
    }

    [Fact]
    public void The_files_that_ship_name_the_schema()
    {
        const string mark = "# yaml-language-server: $schema=";
        var folder = Path.GetFullPath(Path.Combine(AgentSchema.File, "..", "..", "AgentPlatform.Executor", "agents"));
        Assert.All(Directory.GetFiles(folder, "*.yaml"), file =>
        {
            var first = File.ReadLines(file).First();
            Assert.StartsWith(mark, first, StringComparison.Ordinal);
            Assert.Equal(AgentSchema.File, Path.GetFullPath(Path.Combine(folder, first[mark.Length..])));
        });
    }

    private async Task<string?[]> VerdictsAsync(IEnumerable<string> texts)
    {
        var documents = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(documents, JsonSerializer.Serialize(texts.Select(AsJson)), TestContext.Current.CancellationToken);
            var result = await node.RunAsync("fits-schema.mjs", [AgentSchema.File, documents], new Dictionary<string, string>(), TestContext.Current.CancellationToken);
            Assert.True(result.ExitCode == 0, result.Errors);
            return JsonSerializer.Deserialize<string?[]>(result.Output)!;
        }
        finally
        {
            File.Delete(documents);
        }
    }

    private static OpenApiSection SectionOf(IServiceProvider services) =>
        new(services.GetRequiredService<OpenApiDocuments>(), services.GetRequiredService<ToolSecrets>(), Path.GetTempPath());

    private static JsonElement AsJson(string text) => YamlJson.Element(new YamlReader(new AgentFile("a.yaml", text), []).Read()!);

    private static AgentDefinition Parse(string text) => Assert.Single(AgentFiles.Parse("agents", [new AgentFile("a.yaml", text)], Tools, ["default", "small"], openApi: OpenApi));

    private static List<string> ErrorsOf(string text)
    {
        try
        {
            Parse(text);
            return [];
        }
        catch (AgentFilesException exception)
        {
            return [.. exception.Errors.Select(error => error.ToString())];
        }
    }

    /// <summary>The keys that the parser knows at the place, as its error lists them.</summary>
    private static string? Known(string path, string error)
    {
        var start = $"{(path.Length == 0 ? "" : path + ".")}{Unknown}: this key is not known: known are ";
        return error.IndexOf(start, StringComparison.Ordinal) is >= 0 and var found ? error[(found + start.Length)..] : null;
    }

    private static double Seconds(Group bound) => Durations.Parse(bound.Value)!.Value;

    [GeneratedRegex(@"it must be from (\S+) to (\S+), not")]
    private static partial Regex Bounds();
}
