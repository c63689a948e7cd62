using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentPlatform.Core.Wire;
using AgentPlatform.Tests.Api.Identity;
using AgentPlatform.Tests.EndToEnd.Identity;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.Faults;

/// <summary>Outside Development nothing is ever made to go wrong: neither by the header nor by somebody who reaches an executor.</summary>
[Collection(SharedProductionStack.Name)]
public sealed class FaultsInProductionTests(ProductionStack production)
{
    [Fact]
    public async Task The_header_is_refused_and_the_executor_makes_no_faults()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var stack = production.Stack;
        foreach (var path in (string[])["/agent", "/runs"])
        {
            var refused = await stack.SendAsync(
                HttpMethod.Post, path, JsonContent.Create(new JsonObject { ["question"] = "What is 2 * 21?" }), ("X-Fault", "model=500"), ("Authorization", $"Bearer {TestTokens.Of()}"));
            Assert.Equal((HttpStatusCode.BadRequest, "X-Fault"), (refused.Status, refused["field"].GetString()));
            Assert.Contains(ProductionStack.Environment, refused["detail"].GetString(), StringComparison.Ordinal);
        }

        using var executor = new HttpClient { BaseAddress = new Uri(stack.Processes["executor-1"].Address) };
        executor.DefaultRequestHeaders.Add(InternalWire.KeyHeader, RunningStack.InternalKey);
        executor.DefaultRequestHeaders.Add(InternalWire.TenantHeader, InternalWire.LocalTenant);
        using var response = await executor.PostAsJsonAsync(
            "runs",
            new RunRequest
            {
                RunId = Guid.CreateVersion7(),
                TenantId = InternalWire.LocalTenant,
                Agent = "default",
                Question = "What is 2 * 21?",
                Timeout = 20,
                Faults = "model=500,database=away,tool=error",
            },
            WireJson.Options,
            cancellationToken);

        var lines = (await response.Content.ReadAsStringAsync(cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var outcome = JsonSerializer.Deserialize<RunFrame>(lines[^1], WireJson.Options)!.Outcome!;
        Assert.Equal(RunStatus.Completed, outcome.Status);
        Assert.Contains("42", outcome.Answer, StringComparison.Ordinal);
        await Eventually.TrueAsync(() => stack.LogText("executor-1").Contains("faults_ignored", StringComparison.Ordinal), () => stack.LogText("executor-1"));
    }
}
