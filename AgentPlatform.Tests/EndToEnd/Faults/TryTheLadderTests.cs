using System.Text.Json;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.Faults;

/// <summary>Whoever follows <c>docs/try-the-ladder.md</c> sees what it shows.</summary>
[Collection(SharedFaultStack.Name)]
public sealed class TryTheLadderTests(FaultStack shared)
{
    private static readonly string[] Levels = ["fallback_model", "stale", "direct", "partial", "default"];

    [Fact]
    public async Task Each_command_of_the_page_answers_as_the_page_says()
    {
        var steps = PageBlocks.Steps(FaultStack.Page).ToList();
        var seen = new HashSet<string>();
        foreach (var step in steps)
        {
            var reply = await shared.AskAsync(step.Body, fault: null, step.Headers);
            if (step.Answer.TryGetProperty("code", out var code))
            {
                Assert.True(code.GetString() == reply["code"].GetString(), $"{step}: {reply.Body}");
                Assert.Equal(step.Answer.GetProperty("status").GetInt32(), (int)reply.Status);
                continue;
            }

            Assert.True(reply.Status == System.Net.HttpStatusCode.OK, $"{step}: {reply.Body}");
            var shown = FaultStack.Degradation(step.Answer);
            Assert.True(
                (shown, step.Answer.GetProperty("answer").GetString(), step.Answer.GetProperty("model").GetString())
                    == (reply.Degraded, reply.Answer, reply["model"].GetString())
                && Tried(step.Answer) == Tried(reply.Body),
                $"{step}: {reply.Body}");
            seen.Add(shown?.Split('/')[0] ?? "");
        }

        Assert.Subset(seen, Levels.ToHashSet());
    }

    private static string Tried(JsonElement body) => body.GetProperty("degraded") is { ValueKind: JsonValueKind.Object } degraded
        ? string.Join(", ", degraded.GetProperty("tried").EnumerateArray().Select(tried => $"{tried.GetProperty("rung").GetString()} {tried.GetProperty("outcome").GetString()}"))
        : "";
}
