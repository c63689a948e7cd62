using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd;

/// <summary>A stack without a model of its own, as the README starts it; it can be stopped and started again on its data.</summary>
public sealed class BuiltinStack : IAsyncLifetime
{
    private readonly string _folder = RunningStack.NewDataFolder();

    internal RunningStack Stack { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Stack = await RunningStack.StartAsync(new StackSettings
    {
        DataFolder = _folder,
        // A busy machine is no reason to go on without the cache here, or to take an executor for gone.
        Environment = new Dictionary<string, string?>
        {
            ["AnswerCache__Deadline"] = "00:00:05",
            ["ExecutorClient__ConnectTimeout"] = "00:00:15",
            ["ExecutorClient__Silence"] = "00:00:15",
            ["ExecutorClient__LookUpDeadline"] = "00:00:15",
        },
    });

    /// <summary>Ends the AppHost by a signal, checks that nothing is left, and starts again. Returns its exit code.</summary>
    public async Task<int> RestartAsync(int signal)
    {
        var code = await Stack.StopAsync(signal);
        await Stack.DisposeAsync();
        await InitializeAsync();
        return code;
    }

    public async ValueTask DisposeAsync()
    {
        if (Stack is not null)
        {
            await Stack.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }
}
