using System.Text.Json;
using AgentPlatform.Executor.Agents;
using AgentPlatform.Executor.Tools.OpenApi;
using AgentPlatform.Tests.Node;
using Xunit;

namespace AgentPlatform.Tests.Executor.Tools.OpenApi;

/// <summary>Where arguments and secrets end up in a request.</summary>
public sealed class OpenApiRequestTests(NodePackages packages) : IAsyncLifetime
{
    private PetServer _server = null!;
    private OpenApiBench _bench = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await PetServer.StartAsync();
        _bench = new OpenApiBench(null, ("OpenApi:AllowedHosts:0", $"localhost:{_server.Port}"), ("Secrets:notes", "s3&ret"), ("Secrets:login", "ada:pa:ss"));
        _bench.Write("styles.json.txt", await File.ReadAllTextAsync(await packages.PathAsync("@readme/oas-examples/3.0/json/parameters-style.json"), TestContext.Current.CancellationToken));
        _bench.Write("notes.json", SmallDocument.Json);
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("GET /anything/query", "primitive=buster&array=a&array=b%26c&k=1&l=x")]
    [InlineData("GET /anything/query/spaceDelimited", "array=a%20b%26c&object=k%201%20l%20x")]
    [InlineData("GET /anything/query/pipeDelimited", "array=a%7Cb%26c&object=k%7C1%7Cl%7Cx")]
    [InlineData("GET /anything/query/deepObject", "object%5Bk%5D=1&object%5Bl%5D=x")]
    public async Task Lists_and_objects_are_written_as_the_document_says(string operation, string query)
    {
        var agent = _bench.Read(OpenApiBench.Agent($"  - {{ document: styles.json.txt, operations: ['{operation}'], server: 'http://localhost:{_server.Port}' }}"));
        var tool = _bench.Tools.Resolve(agent).Tools.Single();
        var known = tool.Schema.GetProperty("properties").EnumerateObject().Select(member => member.Name).ToList();
        var given = new Dictionary<string, string> { ["primitive"] = "\"buster\"", ["array"] = """["a","b&c"]""", ["object"] = """{"k":"1","l":"x"}""" };

        var result = await _bench.CallAsync(agent, tool.Name, $"{{{string.Join(',', known.Select(name => $"\"{name}\":{given[name]}"))}}}");

        Assert.Null(result.Error);
        Assert.Equal($"{operation}?{query}", _server.Last.Line);
    }

    [Fact]
    public async Task Names_that_meet_are_kept_apart_and_go_where_they_belong()
    {
        var agent = Notes("operations: [putNote]");

        Assert.Equal("id query_id X-Trace body_id text after", string.Join(' ', Schema(agent, "putNote").GetProperty("properties").EnumerateObject().Select(member => member.Name)));
        Assert.Equal("id body_id text", string.Join(' ', Schema(agent, "putNote").GetProperty("required").EnumerateArray()));
        var result = await _bench.CallAsync(agent, "putNote", """{"id":"a/b c","query_id":"q","X-Trace":"t","body_id":"n","text":null,"after":{"id":"m","text":"x"}}""");

        Assert.Null(result.Error);
        Assert.Equal(("PUT /v2/notes/a%2Fb%20c?id=q", """{"id":"n","text":null,"after":{"id":"m","text":"x"}}"""), (_server.Last.Line, _server.Last.Body));
        Assert.Equal("t", _server.Last.Headers["X-Trace"].ToString());
    }

    [Fact]
    public async Task A_body_that_is_no_object_is_one_argument()
    {
        var agent = Notes("operations: [POST /search]");

        await _bench.CallAsync(agent, "post_search", """{"body":[{"id":"1","text":"x"}]}""");
        Assert.Equal(("POST /v2/search", """[{"id":"1","text":"x"}]"""), (_server.Last.Line, _server.Last.Body));
        await _bench.CallAsync(agent, "post_search", "{}");
        Assert.Equal("", _server.Last.Body);
        Assert.Equal(ToolErrorKind.InvalidArguments, (await _bench.CallAsync(agent, "post_search", """{"body":[{"id":"1"}]}""")).Error);
    }

    [Theory]
    [InlineData("""{"id":".."}""")]
    [InlineData("""{"id":"."}""")]
    [InlineData("""{"id":""}""")]
    public async Task A_path_cannot_be_left(string arguments)
    {
        var result = await _bench.CallAsync(Notes("operations: [get note]"), "get_note", arguments);

        Assert.Equal((ToolErrorKind.InvalidArguments, "The argument 'id' is part of a path and can be neither empty nor '.' nor '..'."), (result.Error, result.Text));
        Assert.Empty(_server.Received);
    }

    [Theory]
    [InlineData("x?y#z", "GET /v2/notes/x%3Fy%23z")]
    [InlineData("../../admin", "GET /v2/notes/..%2F..%2Fadmin")]
    [InlineData("@evil.example", "GET /v2/notes/%40evil.example")]
    [InlineData("\\\\evil", "GET /v2/notes/%5Cevil")]
    public async Task What_a_model_gives_stays_in_its_place(string id, string line)
    {
        await _bench.CallAsync(Notes("operations: [get note]"), "get_note", $$"""{"id":"{{id}}"}""");

        Assert.Equal(line, _server.Last.Line);
    }

    [Fact]
    public async Task A_header_is_one_header()
    {
        var result = await _bench.CallAsync(Notes("operations: [putNote]"), "putNote", """{"id":"a","body_id":"n","text":"x","X-Trace":"t\r\nX-Admin: 1"}""");

        Assert.Equal((ToolErrorKind.InvalidArguments, "The argument 'X-Trace' is sent as a header and can hold printable ASCII only."), (result.Error, result.Text));
        Assert.Empty(_server.Received);
    }

    [Theory]
    [InlineData("""[ { "key": [] } ]""", "key: notes", "?api-key=s3%26ret", "", "")]
    [InlineData("""[ { "login": [] } ]""", "login: login", "", "Basic YWRhOnBhOnNz", "")]
    [InlineData("""[ { "session": [] } ]""", "session: notes", "", "", "sid=s3%26ret")]
    [InlineData("""[ { "key": [] }, { "login": [] } ]""", "login: login", "", "Basic YWRhOnBhOnNz", "")]
    [InlineData("""[ { "key": [], "login": [] } ]""", "login: login", "", "", "")]
    [InlineData("[]", "login: login", "", "", "")]
    public async Task Secrets_go_where_the_scheme_says(string security, string credentials, string query, string authorization, string cookie)
    {
        _bench.Write("notes.json", SmallDocument.Json.Replace("""[ { "key": [] } ]""", security, StringComparison.Ordinal));

        await _bench.CallAsync(Notes($"operations: [get note]\n    credentials: {{ {credentials} }}"), "get_note", """{"id":"1"}""");

        Assert.Equal(
            ($"GET /v2/notes/1{query}", authorization, cookie),
            (_server.Last.Line, _server.Last.Headers.Authorization.ToString(), _server.Last.Headers.Cookie.ToString()));
    }

    [Theory]
    [InlineData("find pet by id", "find_pet_by_id")]
    [InlineData("get/pets/{id}", "get_pets_id")]
    [InlineData("列出", "_2f4d5f1e")]
    [InlineData("a.very.long.name.that.goes.on.and.on.and.on.until.nobody.can.remember.how.it.began", "a_very_long_name_that_goes_on_and_on_and_on_until_nobody")]
    public void A_name_is_one_that_models_accept(string id, string expected)
    {
        var name = OpenApiNames.Tool("", id);

        Assert.Matches("^[A-Za-z0-9_-]{1,64}$", name);
        Assert.Equal(OpenApiNames.Tool("", id), name);
        Assert.StartsWith(expected[..Math.Min(expected.Length, 1)], name, StringComparison.Ordinal);
        Assert.True(name == expected || name.Length >= 9, name);
    }

    private JsonElement Schema(AgentDefinition agent, string tool) => _bench.Tools.Resolve(agent).Tools.Single(found => found.Name == tool).Schema;

    private AgentDefinition Notes(string more) => _bench.Read(OpenApiBench.Agent($"  - document: notes.json\n    server: '{_server.Url}'\n    {more}"));
}
