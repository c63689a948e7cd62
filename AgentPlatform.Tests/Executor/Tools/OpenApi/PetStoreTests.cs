using System.Text.Json;
using AgentPlatform.Executor.Agents;
using AgentPlatform.Executor.Tools.OpenApi;
using AgentPlatform.Tests.Executor.Tools.Outgoing;
using AgentPlatform.Tests.Node;
using Xunit;

namespace AgentPlatform.Tests.Executor.Tools.OpenApi;

/// <summary>The well-known pet store document, as a package brings it, against a server that does what it says.</summary>
public sealed class PetStoreTests(NodePackages packages) : IAsyncLifetime
{
    private const string Key = "store-key-1";

    private PetServer _server = null!;
    private OpenApiBench _bench = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await PetServer.StartAsync();
        _bench = new OpenApiBench(
            null, ("OpenApi:AllowedHosts:0", $"localhost:{_server.Port}"), ("Secrets:store", Key), ("Secrets:petstore", Key), ("Secrets:oauth", "token-1"), ("Secrets:basic", "ada:pass"));
        foreach (var (file, source) in new[] { ("pets.json", "3.0/json/petstore.json"), ("pets.yaml", "3.1/yaml/petstore.yaml"), ("pets2.json", "2.0/json/petstore.json") })
        {
            _bench.Write(file + ".txt", await File.ReadAllTextAsync(await packages.PathAsync($"@readme/oas-examples/{source}"), TestContext.Current.CancellationToken));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("pets.json.txt")]
    [InlineData("pets.yaml.txt")]
    [InlineData("pets2.json.txt")]
    public void Each_version_and_format_gives_the_same_tools(string document)
    {
        var agent = _bench.Read(OpenApiBench.Agent($"  - {{ document: {document}, server: '{_server.Url}' }}"));

        Assert.Equal(
            """
            addPet write, updatePet idempotent, findPetsByStatus read, findPetsByTags read, getPetById read, updatePetWithForm write, deletePet idempotent, getInventory read, placeOrder write, getOrderById read, deleteOrder idempotent, createUser write, createUsersWithArrayInput write, createUsersWithListInput write, loginUser read, logoutUser read, getUserByName read, updateUser idempotent, deleteUser idempotent
            """,
            string.Join(", ", _bench.Tools.Resolve(agent).Tools.Select(tool => $"{tool.Name} {tool.Effect.ToString().ToLowerInvariant()}")));
    }

    [Fact]
    public void A_model_sees_one_flat_schema()
    {
        var agent = Agent();

        var add = Tool(agent, "addPet");
        Assert.Equal("Add a new pet to the store", add.Description);
        Assert.Equal("name photoUrls", string.Join(' ', add.Schema.GetProperty("required").EnumerateArray()));
        Assert.Equal("category name photoUrls tags status", string.Join(' ', add.Schema.GetProperty("properties").EnumerateObject().Select(member => member.Name)));
        Assert.Equal("#/definitions/Category", add.Schema.GetProperty("properties").GetProperty("category").GetProperty("$ref").GetString());
        Assert.Equal("Category Tag", string.Join(' ', add.Schema.GetProperty("definitions").EnumerateObject().Select(member => member.Name)));
        Assert.DoesNotContain("xml", add.Schema.GetRawText(), StringComparison.Ordinal);
        Assert.Equal("petId", Tool(agent, "getPetById").Schema.GetProperty("required")[0].GetString());
    }

    [Fact]
    public async Task Pets_are_made_read_changed_and_removed()
    {
        var agent = Agent();

        var made = await _bench.CallAsync(agent, "addPet", """{"name":"Rex","photoUrls":["a"],"tags":[{"id":1,"name":"big"}],"status":"sold"}""");
        Assert.Null(made.Error);
        Assert.Equal(("POST /v2/pet", """{"name":"Rex","photoUrls":["a"],"tags":[{"id":1,"name":"big"}],"status":"sold"}"""), (_server.Last.Line, _server.Last.Body));
        Assert.Equal(("application/json", ToolBench.Call.IdempotencyKey, "Bearer token-1"), (Header("Content-Type"), Header("Idempotency-Key"), Header("Authorization")));

        var read = await _bench.CallAsync(agent, "getPetById", """{"petId":7}""");
        Assert.Equal("Rex", JsonElement.Parse(read.Text).GetProperty("name").GetString());
        Assert.Equal(("GET /v2/pet/7", Key, ""), (_server.Last.Line, Header("api_key"), Header("Authorization")));

        var found = await _bench.CallAsync(agent, "findPetsByStatus", """{"status":["sold","pending"]}""");
        Assert.Equal(("GET /v2/pet/findByStatus?status=sold&status=pending", 1), (_server.Last.Line, JsonElement.Parse(found.Text).GetArrayLength()));

        await _bench.CallAsync(agent, "updatePet", """{"name":"Max","photoUrls":[]}""");
        Assert.Equal(("PUT /v2/pet", """{"name":"Max","photoUrls":[]}"""), (_server.Last.Line, _server.Last.Body));

        await _bench.CallAsync(agent, "updatePetWithForm", """{"petId":7,"name":"Max & Co","status":"sold"}""");
        Assert.Equal(("POST /v2/pet/7", "name=Max%20%26%20Co&status=sold", OpenApiBody.Form), (_server.Last.Line, _server.Last.Body, Header("Content-Type")));

        Assert.Equal("HTTP 204 without a text.", (await _bench.CallAsync(agent, "deletePet", """{"petId":7}""")).Text);
        Assert.Equal("DELETE /v2/pet/7", _server.Last.Line);
        Assert.All(_server.Received, received => Assert.DoesNotContain(Key, received.Line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_server_refuses_is_told_so_that_it_can_be_mended()
    {
        var agent = Agent();

        var missing = await _bench.CallAsync(agent, "getPetById", """{"petId":8}""");
        Assert.Equal((ToolErrorKind.Failed, "'getPetById' was refused with HTTP 404. The server says:\nPet not found"), (missing.Error, missing.Text));
        var invalid = await _bench.CallAsync(agent, "addPet", """{"name":"","photoUrls":[]}""");
        Assert.Equal((ToolErrorKind.InvalidArguments, "'addPet' was refused with HTTP 400. The server says:\nInvalid input: a pet has a name"), (invalid.Error, invalid.Text));

        var asked = _server.Received.Count;
        var wrong = await _bench.CallAsync(agent, "getPetById", """{"petId":"seven"}""");
        Assert.StartsWith("The arguments do not fit: 'petId' must be an integer.", wrong.Text, StringComparison.Ordinal);
        Assert.Equal(ToolErrorKind.InvalidArguments, (await _bench.CallAsync(agent, "addPet", """{"name":"Rex"}""")).Error);
        Assert.Equal(asked, _server.Received.Count);
    }

    [Fact]
    public async Task A_call_has_a_deadline()
    {
        var agent = Agent("    deadline: 0.2s\n");

        var slow = await _bench.CallAsync(agent, "getInventory", "{}");

        Assert.Equal((ToolErrorKind.Timeout, "'getInventory' did not finish within 0.2 seconds and was given up."), (slow.Error, slow.Text));
    }

    [Fact]
    public async Task A_server_that_is_not_allowed_is_not_reached()
    {
        await using var canary = new Canary();
        foreach (var server in new[] { $"http://localhost:{canary.Port}", $"http://127.0.0.1:{canary.Port}/v2", $"http://[::ffff:127.0.0.1]:{canary.Port}", "http://169.254.169.254" })
        {
            var agent = Agent(server: server);

            var refused = await _bench.CallAsync(agent, "getPetById", """{"petId":1}""");

            Assert.Equal((ToolErrorKind.Refused, "'getPetById' was not called: its server has no public address and is not allowed."), (refused.Error, refused.Text));
        }

        Assert.Equal(0, canary.Connections);
    }

    [Fact]
    public void The_selection_names_operations_tags_a_prefix_and_effects()
    {
        var agent = _bench.Read(OpenApiBench.Agent($$"""
              - document: pets.json.txt
                operations: [getPetById, POST /user]
                tags: [store]
                prefix: shop_
                server: {{_server.Url}}
                effects: { createUser: idempotent, getPetById: pure }
            """));

        Assert.Equal(
            "shop_getPetById Pure, shop_getInventory Read, shop_placeOrder Write, shop_getOrderById Read, shop_deleteOrder Idempotent, shop_createUser Idempotent",
            string.Join(", ", _bench.Tools.Resolve(agent).Tools.Select(tool => $"{tool.Name} {tool.Effect}")));
    }

    [Fact]
    public void What_is_stored_of_an_agent_is_all_that_its_tools_need_and_no_secret()
    {
        var agent = Agent();

        var stored = AgentVersion.Write(agent);
        var again = AgentVersion.Read(stored, agent.Version);

        Assert.Equal(agent.Version, AgentVersion.Stamp(again).Version);
        Assert.Equal(_bench.Tools.Resolve(agent).Tools.Select(tool => (tool.Name, tool.Effect)), _bench.Tools.Resolve(again).Tools.Select(tool => (tool.Name, tool.Effect)));
        Assert.DoesNotContain(Key, stored, StringComparison.Ordinal);
        Assert.Contains("\"secret\":\"store\"", stored, StringComparison.Ordinal);
        Assert.Equal(ToolEffect.Write, Tool(again, "addPet").Effect);
    }

    [Fact]
    public async Task The_documented_example_works()
    {
        Directory.CreateDirectory(Path.Combine(_bench.Folder, "apis"));
        File.Move(Path.Combine(_bench.Folder, "pets.json.txt"), Path.Combine(_bench.Folder, "apis", "petstore.json"));
        var agent = _bench.Read(Documentation.Example("tools.md", "## OpenAPI documents", "yaml").Replace("https://petstore.example.org/v2", _server.Url, StringComparison.Ordinal));

        Assert.Equal(
            "pets_addPet Idempotent, pets_getPetById Read, pets_getInventory Read, pets_placeOrder Write, pets_getOrderById Read, pets_deleteOrder Idempotent, pets_createUser Write",
            string.Join(", ", _bench.Tools.Resolve(agent).Tools.Select(tool => $"{tool.Name} {tool.Effect}")));
        await _bench.CallAsync(agent, "pets_getPetById", """{"petId":7}""");
        Assert.Equal(("GET /v2/pet/7", Key), (_server.Last.Line, Header("api_key")));
    }

    private string Header(string name) => _server.Last.Headers[name].ToString();

    private AgentDefinition Agent(string more = "", string? server = null) => _bench.Read(OpenApiBench.Agent(
        $"  - document: pets.json.txt\n    tags: [pet, store]\n    server: '{server ?? _server.Url}'\n    credentials: {{ api_key: store, petstore_auth: oauth }}\n{more}"));

    private AgentPlatform.Executor.Tools.AgentTool Tool(AgentDefinition agent, string name) => _bench.Tools.Resolve(agent).Tools.Single(tool => tool.Name == name);
}
