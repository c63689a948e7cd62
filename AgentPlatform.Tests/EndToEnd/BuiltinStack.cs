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
        },
    });

    /// <summary>Ctrl-C, checks that nothing is left, and starts again.</summary>
    public async Task RestartAsync()
    {
        Assert.Equal(0, await Stack.StopAsync(Signals.Interrupt));
        await Stack.DisposeAsync();
        await InitializeAsync();
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
