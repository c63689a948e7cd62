using AgentPlatform.Executor.Tools.OpenApi;
using AgentPlatform.Tests.Executor.Tools.Outgoing;
using AgentPlatform.Tests.Node;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AgentPlatform.Tests.Executor.Tools.OpenApi;

/// <summary>The section <c>openapi</c> of agent files: what is wrong with it is told with its place, and what changes makes a new version.</summary>
public sealed class OpenApiAgentFileTests(NodePackages packages) : IAsyncLifetime
{
    private readonly OpenApiBench _bench = new(null, ("Secrets:notes", "s3cret"));

    public ValueTask InitializeAsync()
    {
        _bench.Write("notes.json", SmallDocument.Json);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory]
    [InlineData("document: nothing.json", "shop.yaml:5:5: openapi[0].document: nothing.json: there is no file ")]
    [InlineData("document: notes.json\n    operations: [putNote, getNotes]", "shop.yaml:6:27: openapi[0].document: notes.json: the document has no operation 'getNotes': did you mean 'get note'?")]
    [InlineData("document: notes.json\n    tags: [pets]", "shop.yaml:6:12: openapi[0].document: notes.json: no operation of the document has the tag 'pets'")]
    [InlineData("document: notes.json\n    effects: { putNote: writes }", "shop.yaml:6:25: openapi[0].effects.putNote: 'writes' is not known: known are pure, read, idempotent, write")]
    [InlineData("document: notes.json\n    effects: { putNotes: write }", "shop.yaml:6:16: openapi[0].document: notes.json: the document has no operation 'putNotes': did you mean 'putNote'?")]
    [InlineData("document: notes.json\n    credentials: { key: absent }", "shop.yaml:6:25: openapi[0].credentials.key: there is no secret 'absent': set Tools:Secrets:absent to printable ASCII")]
    [InlineData("document: notes.json\n    credentials: { keys: notes }", "shop.yaml:6:20: openapi[0].document: notes.json: the document has no security scheme 'keys': did you mean 'key'?")]
    [InlineData("document: notes.json\n    server: ftp://notes.example.org", "shop.yaml:6:13: openapi[0].server: an absolute http or https URL without query is expected, such as https://api.example.org/v1")]
    [InlineData("document: notes.json\n    server: https://me:pw@notes.example.org", "shop.yaml:6:13: openapi[0].server: an absolute http or https URL without query is expected, such as https://api.example.org/v1")]
    [InlineData("document: notes.json\n    prefix: 'my notes'", "shop.yaml:6:13: openapi[0].prefix: 'my notes' is not a prefix: use A-Z, a-z, 0-9, _ and -")]
    [InlineData("document: ftp://notes.example.org/a.json", "shop.yaml:5:15: openapi[0].document: an http or https URL without user name is expected, or a path from the agents' folder")]
    [InlineData("document: notes.json\n    operation: [putNote]", "shop.yaml:6:5: openapi[0].operation: this key is not known: did you mean 'operations'?")]
    [InlineData("tags: [a]", "shop.yaml:5:5: openapi[0].document: this key is missing: add 'document: …'")]
    [InlineData("document: notes.json\n  - document: notes.json\n    operations: [putNote]", "shop.yaml:6:5: openapi[0].document: notes.json: the tool 'putNote' (PUT /notes/{id}) is in notes.json already: set a prefix, such as 'prefix: shop_'")]
    [InlineData("notes.json", "shop.yaml:5:5: openapi[0]: keys and values are expected here")]
    public void A_mistake_is_told_with_its_place_and_the_remedy(string section, string expected) =>
        Assert.Contains(_bench.ErrorsOf(OpenApiBench.Agent($"  - {section}")), error => error.Replace("openapi[1]", "openapi[0]", StringComparison.Ordinal).StartsWith(expected, StringComparison.Ordinal));

    [Theory]
    [InlineData("{", "it is not valid JSON (line 1)")]
    [InlineData("{}", "Version node not found")]
    [InlineData("[1]", "line 1: the file must be a mapping of keys such as name, description and instructions")]
    [InlineData("openapi: 3.0.0\ninfo: [", "line 3: this is not valid YAML: ")]
    [InlineData("openapi: 3.0.0\ninfo: { title: x, version: '1' }", "it has no paths")]
    [InlineData("{\"openapi\":\"4.0.0\"}", "OpenAPI specification version '4.0.0' is not supported")]
    public void What_is_no_document_ends_the_start_with_the_reason(string text, string reason)
    {
        _bench.Write("bad.json", text);

        Assert.StartsWith($"shop.yaml:5:5: openapi[0].document: bad.json: {reason}", Assert.Single(_bench.ErrorsOf(OpenApiBench.Agent("  - document: bad.json"))), StringComparison.Ordinal);
    }

    [Fact]
    public void All_errors_come_at_once() =>
        Assert.Equal(3, _bench.ErrorsOf(OpenApiBench.Agent("  - document: nothing.json\n  - document: notes.json\n    operations: [a, b]")).Count);

    [Theory]
    [InlineData("\"schema\": { \"$ref\": \"#/components/schemas/Note\" } } } }", "\"schema\": { \"$ref\": \"{0}\" } } } }")]
    [InlineData("\"after\": { \"$ref\": \"#/components/schemas/Note\" }", "\"after\": { \"$ref\": \"{0}\" }")]
    [InlineData("{ \"name\": \"id\", \"in\": \"query\", \"schema\": { \"type\": \"string\" } }", "{ \"$ref\": \"{0}\" }")]
    public async Task References_to_elsewhere_are_not_followed(string before, string after)
    {
        await using var canary = new Canary();
        foreach (var reference in new[] { $"http://127.0.0.1:{canary.Port}/x.json#/Note", "/etc/passwd", "other.json#/components/schemas/Note", "../shop.yaml" })
        {
            _bench.Write("far.json", SmallDocument.Json.Replace(before, after.Replace("{0}", reference, StringComparison.Ordinal), StringComparison.Ordinal));

            var error = Assert.Single(_bench.ErrorsOf(OpenApiBench.Agent("  - document: far.json\n    operations: [putNote]")));
            Assert.Contains("'putNote' cannot be a tool: ", error, StringComparison.Ordinal);
        }

        Assert.Equal(0, canary.Connections);
    }

    [Fact]
    public void A_schema_that_is_only_itself_is_refused()
    {
        _bench.Write("loop.json", SmallDocument.Json.Replace("\"Note\": {", "\"Note\": { \"allOf\": [ { \"$ref\": \"#/components/schemas/Note\" } ],", StringComparison.Ordinal));

        var error = Assert.Single(_bench.ErrorsOf(OpenApiBench.Agent("  - document: loop.json\n    operations: [putNote]")));

        Assert.EndsWith("'putNote' cannot be a tool: the schema 'Note' is defined by itself", error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_only_looks_like_a_reference_is_data()
    {
        _bench.Write("data.json", SmallDocument.Json.Replace("\"nullable\": true", "\"default\": { \"$ref\": 1 }, \"enum\": [ { \"$ref\": \"x\" } ]", StringComparison.Ordinal));

        Assert.Equal(["putNote"], _bench.Tools.Resolve(_bench.Read(OpenApiBench.Agent("  - document: data.json\n    operations: [putNote]"))).Tools.Select(tool => tool.Name));
    }

    [Fact]
    public void Approval_may_name_an_operation()
    {
        var agent = _bench.Read(OpenApiBench.Agent("  - document: notes.json", "approval: { tools: [putNote] }\n"));

        Assert.Equal(["putNote"], agent.Approval.Tools);
        Assert.Contains("'putNotes'", Assert.Single(_bench.ErrorsOf(OpenApiBench.Agent("  - document: notes.json", "approval: { tools: [putNotes] }\n"))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_operation_is_a_new_version_and_anything_else_is_none()
    {
        var section = OpenApiBench.Agent("  - document: notes.json\n    operations: [putNote]");
        var version = _bench.Read(section).Version;

        _bench.Write("notes.json", SmallDocument.Json.Replace("Reads a note", "Gets it", StringComparison.Ordinal).Replace("  ", " ", StringComparison.Ordinal));
        Assert.Equal(version, _bench.Read(section).Version);
        _bench.Write("notes.json", SmallDocument.Json.Replace("\"X-Trace\"", "\"X-Span\"", StringComparison.Ordinal));
        Assert.NotEqual(version, _bench.Read(section).Version);
    }

    [Fact]
    public void A_changed_document_is_taken_over_and_a_broken_one_is_not()
    {
        _bench.Write("shop.yaml", OpenApiBench.Agent("  - document: notes.json"));
        var catalogue = _bench.Catalogue();
        var old = catalogue.Find("shop")!;

        _bench.Write("notes.json", "{");
        catalogue.Reload();
        catalogue.Reload();
        Assert.Same(old, catalogue.Find("shop"));
        Assert.Contains("openapi[0].document: notes.json: it is not valid JSON", Assert.Single(_bench.Log.Lines, line => line.Level is LogLevel.Error).Text, StringComparison.Ordinal);

        _bench.Write("notes.json", SmallDocument.Json.Replace("putNote", "saveNote", StringComparison.Ordinal));
        catalogue.Reload();
        Assert.Equal(["get_note", "saveNote", "post_search"], _bench.Tools.Resolve(catalogue.Find("shop")!).Tools.Select(tool => tool.Name));
        Assert.Equal(["get_note", "putNote", "post_search"], _bench.Tools.Resolve(catalogue.FindVersion("shop", old.Version)!).Tools.Select(tool => tool.Name));
        Assert.Equal(["get_note", "saveNote", "post_search"], catalogue.Set.Describe("shop")!.Tools.Select(tool => tool.Name));
    }

    /// <summary>Whatever the documents of the package are made of, reading one ends in tools or in reasons.</summary>
    [Fact]
    public async Task Documents_of_all_kinds_end_in_tools_or_in_reasons()
    {
        var folder = await packages.PathAsync("@readme/oas-examples");
        string[] large = ["star-trek", "readme", "http-status-codes"];
        var files = Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories)
            .Where(file => file.Contains("/3.", StringComparison.Ordinal) && !large.Any(name => Path.GetFileName(file).StartsWith(name, StringComparison.Ordinal)));
        var (tools, documents) = (0, 0);
        foreach (var file in files)
        {
            var selection = new OpenApiSelection(file, [], [], "", new Uri("https://api.example.org"), new Dictionary<string, string>(), new Dictionary<string, ToolEffect>(), 1, 100);
            try
            {
                var compiled = OpenApiCompiler.Compile(OpenApiText.Read(file, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)), selection, origin: null);
                Assert.All(compiled.Tools, tool => Assert.Matches("^[A-Za-z0-9_-]{1,64}$", tool.Name));
                (tools, documents) = (tools + compiled.Tools.Count, documents + 1);
            }
            catch (OpenApiUnusableException exception)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"{file}: {exception.Message}");
            }
        }

        Assert.InRange(documents, 40, 100);
        Assert.InRange(tools, 200, 1_000);
    }
}
