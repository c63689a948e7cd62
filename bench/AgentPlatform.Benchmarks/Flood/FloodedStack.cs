using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Benchmarks.Stack;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Benchmarks.Flood;

/// <summary>The platform as it runs in earnest, with two tenants: one attacks and has a quota, the other asks.</summary>
internal sealed class FloodedStack : IAsyncDisposable
{
    private const string AttackingTenant = "attacking";
    private const string HealthyTenant = "healthy";

    private static readonly string[] Scopes = ["run", "read"];

    private readonly DirectoryInfo _agents;
    private readonly HttpClient _http = new();

    private FloodedStack(StackUnderLoad stack, DirectoryInfo agents) => (Stack, _agents) = (stack, agents);

    public StackUnderLoad Stack { get; }

    public string AttackerKey { get; private set; } = "";

    public string HealthyKey { get; private set; } = "";

    /// <summary>Of the attacker; it waits for a person, so whoever watches it waits too.</summary>
    public string WaitingRun { get; private set; } = "";

    public StackResource Api => Stack.Resources().Single(resource => resource.Name == "api-1");

    public static async Task<FloodedStack> StartAsync(string modelUrl, CancellationToken cancellationToken)
    {
        var agents = Directory.CreateTempSubdirectory("agentplatform-agents-");
        await WriteAsync(agents, "default", "", cancellationToken);
        await WriteAsync(agents, "waiting", "approval: { tools: [calculator] }", cancellationToken);
        var settings = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["Agents__Directory"] = agents.FullName,
            ["Identity__ApiKeys"] = "true",
            [$"Quotas__Tenants__{AttackingTenant}__Concurrent"] = "50",
        };
        var flooded = new FloodedStack(await StackUnderLoad.StartAsync(modelUrl, executors: 1, settings, cancellationToken), agents);
        flooded.AttackerKey = await flooded.KeyAsync(AttackingTenant, cancellationToken);
        flooded.HealthyKey = await flooded.KeyAsync(HealthyTenant, cancellationToken);
        flooded.WaitingRun = await flooded.WaitingRunAsync(cancellationToken);
        return flooded;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Stack.DisposeAsync();
        _agents.Delete(recursive: true);
    }

    private static Task WriteAsync(DirectoryInfo agents, string name, string more, CancellationToken cancellationToken) => File.WriteAllTextAsync(
        Path.Combine(agents.FullName, $"{name}.yaml"),
        $"name: {name}\ndescription: An agent of the benchmarks.\ninstructions: Answer.\ntools: [calculator]\n{more}\n",
        cancellationToken);

    private async Task<string> KeyAsync(string tenant, CancellationToken cancellationToken)
    {
        var executor = Stack.Resources().First(resource => resource.IsExecutor);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(new Uri(executor.Address), "keys"))
        {
            Content = JsonContent.Create(new { name = "flood", scopes = Scopes }),
        };
        request.Headers.Add(InternalWire.KeyHeader, StackUnderLoad.InternalKey);
        request.Headers.Add(InternalWire.TenantHeader, tenant);
        using var response = await _http.SendAsync(request, cancellationToken);
        return (await JsonAsync(response, cancellationToken)).GetProperty("key").GetString()!;
    }

    private async Task<string> WaitingRunAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Stack.Address, "/runs"))
        {
            Content = JsonContent.Create(new { question = "What is 17% of 2340, plus 3^4?", agent = "waiting" }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AttackerKey);
        using var response = await _http.SendAsync(request, cancellationToken);
        return (await JsonAsync(response, cancellationToken)).GetProperty("run_id").GetString()!;
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode ? JsonElement.Parse(text) : throw new InvalidOperationException(text);
    }
}
