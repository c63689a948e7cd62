using System.Diagnostics;
using AgentPlatform.Tests.Api.Identity;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.Identity;

/// <summary>The stack as it runs in earnest: not in Development, with keys and tokens asked for.</summary>
public sealed class ProductionStack : IAsyncLifetime
{
    public const string Environment = "Staging";

    private readonly string _agents = Directory.CreateTempSubdirectory("agentplatform-agents-").FullName;

    internal RunningStack Stack { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Write("default", "");
        Write("careful", "approval: { tools: [calculator] }\n");
        var settings = TestTokens.Settings.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => (string?)setting.Value);
        settings["ASPNETCORE_ENVIRONMENT"] = Environment;
        settings["Identity__ApiKeys"] = "true";
        settings["Identity__RememberKeys"] = "00:00:00.500";
        settings["Agents__Directory"] = _agents;
        Stack = await RunningStack.StartAsync(new StackSettings { Environment = settings });
    }

    /// <summary>Runs the AppHost's command for keys on the stack, and gives what it printed.</summary>
    internal async Task<(int Code, string Output, string Errors)> KeysAsync(params string[] arguments)
    {
        var command = RunningStack.AppHost.Command(["keys", .. arguments, "--data", Stack.DataFolder]);
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(command.FileName, command.Arguments) { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        process.Start();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, (await output).Trim(), (await errors).Trim());
    }

    /// <summary>A client of the API with this key or token.</summary>
    internal HttpClient Client(string proof)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = Stack.Http.BaseAddress };
        client.DefaultRequestHeaders.Add("Authorization", $"Bearer {proof}");
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await Stack.DisposeAsync();
        Directory.Delete(_agents, recursive: true);
    }

    private void Write(string name, string more) => File.WriteAllText(
        Path.Combine(_agents, $"{name}.yaml"), $"name: {name}\ndescription: An agent of the tests.\ninstructions: Answer.\ntools: [calculator, clock]\n{more}");
}
