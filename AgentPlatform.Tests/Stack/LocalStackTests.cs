using System.Net;
using Xunit;

namespace AgentPlatform.Tests.Stack;

/// <summary>Life and death of the local stack, seen from outside.</summary>
public sealed class LocalStackTests
{
    [Fact]
    public async Task The_stack_comes_up_and_a_polite_stop_leaves_nothing_behind()
    {
        await using var stack = await RunningStack.StartAsync(new StackSettings { Executors = 2, Apis = 2 });

        Assert.All(stack.Processes.Values, process => Assert.Equal("ready", process.State));
        Assert.Equal(["api-1", "api-2", "cache", "executor-1", "executor-2", "postgres"], stack.Processes.Keys.Order());
        using var response = await stack.Http.GetAsync(new Uri("/ready", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        Assert.Equal(0, await stack.StopAsync(Signals.Terminate));
    }

    [Fact]
    public async Task An_AppHost_that_is_killed_takes_its_children_along_and_the_next_one_goes_on_with_the_data()
    {
        var folder = RunningStack.NewDataFolder();
        try
        {
            await using (var stack = await RunningStack.StartAsync(new StackSettings { DataFolder = folder }))
            {
                await stack.StopAsync(Signals.Kill);
            }

            await using var next = await RunningStack.StartAsync(new StackSettings { DataFolder = folder });
            Assert.All(next.Processes.Values, process => Assert.Equal(0, process.Restarts));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
