using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Runs;
using AgentPlatform.ServiceDefaults;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace AgentPlatform.Tests.Executor.Runs.Activations;

/// <summary>
/// An executor as its entry point builds it, with a lease of its own and a cluster of its own: it knows nothing of the others on the same
/// database, so it activates the same sessions and the same runs as they do.
/// </summary>
internal sealed class ExecutorProcess : WebApplicationFactory<RunDriver>
{
    private readonly string _database;
    private readonly string _model;
    private readonly string _agents;

    private ExecutorProcess(string database, string model, string agents)
    {
        _database = database;
        _model = model;
        _agents = agents;
    }

    public static ExecutorProcess Start(string database, string model, string agents)
    {
        var executor = new ExecutorProcess(database, model, agents);
        executor.UseKestrel();
        executor.StartServer();
        return executor;
    }

    /// <summary>Asks once; null when the stream ends without an outcome or the executor refuses, as it does while a run is not its to work on.</summary>
    public async Task<RunOutcome?> TryAskAsync(RunRequest request, CancellationToken cancellationToken)
    {
        using var client = CreateClient();
        client.DefaultRequestHeaders.Add(InternalWire.TenantHeader, request.TenantId);
        using var message = new HttpRequestMessage(HttpMethod.Post, "/runs") { Content = JsonContent.Create(request, options: WireJson.Options) };
        using var response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            return null;
        }

        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            if (JsonSerializer.Deserialize<RunFrame>(line, WireJson.Options)?.Outcome is { } outcome)
            {
                return outcome;
            }
        }

        return null;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.UseSetting("urls", "http://127.0.0.1:0");
        builder.UseSetting($"ConnectionStrings:{ResourceNames.Database}", _database);
        // No Redis: sessions find no cached answers.
        builder.UseSetting($"ConnectionStrings:{ResourceNames.Cache}", "127.0.0.1:1,abortConnect=false");
        builder.UseSetting("Orleans:ClusterId", Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("N"));
        builder.UseSetting("Lease:Duration", "00:00:01");
        builder.UseSetting("Lease:RenewEvery", "00:00:00.200");
        builder.UseSetting("Runs:DrainTime", "00:00:00");
        builder.UseSetting("Runs:MaxQueuedPerSession", "100");
        builder.UseSetting("Agents:Directory", _agents);
        builder.UseSetting("Models:Default:Provider", "openai");
        builder.UseSetting("Models:Default:Endpoint", _model);
        builder.UseSetting("Models:Default:ApiKey", "none");
        builder.UseSetting("Models:Default:Model", "fake-model");
        builder.UseSetting("Logging:LogLevel:Default", "None");
        builder.UseSetting("Logging:LogLevel:Microsoft.Hosting.Lifetime", "None");
        builder.UseSetting("Logging:LogLevel:Orleans", "None");
    }
}
