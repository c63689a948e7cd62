using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Tests.Api.Identity;
using AgentPlatform.Tests.EndToEnd.Identity;
using AgentPlatform.Tests.Fuzzing;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.Fuzz;

/// <summary>Two thousand hostile requests, always the same, to every route of a running stack.</summary>
[Collection(SharedProductionStack.Name)]
public sealed class FuzzTests(ProductionStack production)
{
    private const int Seed = 20_261_123;

    [Fact]
    public async Task No_request_to_the_API_is_a_fault_of_the_server_or_a_broken_line_in_its_log()
    {
        using var client = production.Client(TestTokens.Of("fuzz"));
        var document = JsonElement.Parse(await client.GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken));
        FuzzDoor[] doors = [.. FuzzDoors.OfApi(document), .. FuzzDoors.OfMcp];

        await FuzzAsync("api-1", new FuzzRequests(doors, Seed, ("Authorization", $"Bearer {TestTokens.Of("fuzz")}")), count: 1_300);
    }

    [Fact]
    public Task No_request_to_an_executor_is_a_fault_of_the_server_or_a_broken_line_in_its_log() => FuzzAsync(
        "executor-1", new FuzzRequests(FuzzDoors.OfExecutor, Seed, (InternalWire.KeyHeader, RunningStack.InternalKey), (InternalWire.TenantHeader, "fuzz")), count: 700);

    private async Task FuzzAsync(string process, FuzzRequests requests, int count)
    {
        var before = production.Stack.Processes[process];
        var campaign = new FuzzCampaign(requests, new FuzzClient(new Uri(before.Address), TimeProvider.System));
        await campaign.RunAsync(count, TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", campaign.Answers.OrderBy(answer => answer.Key).Select(answer => $"{answer.Key}: {answer.Value}")));
        TestContext.Current.TestOutputHelper?.WriteLine($"slowest {campaign.Slowest.TotalSeconds:0.00} s");

        Assert.True(campaign.Faults.IsEmpty, string.Join("\n\n", campaign.Faults.Take(10)));
        Assert.Equal(before.Pid, production.Stack.Processes[process].Pid);
        // Reading them fails for a line that is no JSON object.
        Assert.DoesNotContain(
            production.Stack.LogLines(process), line => line.Field("category")?.EndsWith("ExceptionHandler", StringComparison.Ordinal) is true && line.Field("level") == "Error");
    }
}
