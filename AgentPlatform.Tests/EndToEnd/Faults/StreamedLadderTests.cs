using System.Text.Json;
using AgentPlatform.Tests.Api.Streaming;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.Faults;

/// <summary>Every rung for a client that reads along: what it was shown in vain is taken back, the answer is labelled before it is given, and the end is the plain body.</summary>
[Collection(SharedFaultStack.Name)]
public sealed class StreamedLadderTests(FaultStack shared)
{
    // What two requests for the same cannot have in common.
    private static readonly string[] Own = ["run_id", "duration"];

    [Theory]
    [InlineData("model=stalled_stream,direct=stalled_stream", "default/timeout", true)]
    [InlineData("model=stalled_stream", "direct/timeout", true)]
    [InlineData("model=truncated_stream", "default/model_error", true)]
    [InlineData("model=500", "default/model_error", false)]
    [InlineData("model=stall", "direct/timeout", false)]
    [InlineData("model=stall@2,direct=500", "partial/timeout", false)]
    [InlineData("model=stalled_stream@2,direct=500", "partial/timeout", true)]
    [InlineData("executor=away", "direct/executor_unavailable", false)]
    [InlineData("executor=away,direct=context_overflow", "default/executor_unavailable", false)]
    [InlineData("database=away,direct=content_filter", "default/database_unavailable", false)]
    public async Task A_rung_is_given_as_it_is_without_a_stream(string fault, string degraded, bool takesBack)
    {
        var question = FaultStack.Question("What is 7 * 6?");
        var plain = shared.AskAsync(question, fault);
        var events = await shared.StreamAsync(question, fault);

        CheckOrder(events, takesBack);
        Assert.Equal(degraded, FaultStack.Degradation(events[^1].Data));
        AssertSame((await plain).Body, events[^1].Data);
    }

    [Fact]
    public async Task The_stale_rung_follows_what_was_begun()
    {
        var question = FaultStack.Question("What is 7 * 7?", "ladder");
        await shared.AskAsync(question, fault: null);

        var events = await shared.StreamAsync(question, "model=stalled_stream");

        CheckOrder(events, takesBack: true);
        Assert.Equal("stale/timeout", FaultStack.Degradation(events[^1].Data));
        Assert.True(events[^1].Data.GetProperty("cached").GetBoolean());
    }

    /// <summary>The deltas of a fallback model are shown as it writes them; that it was one is known at their end.</summary>
    [Theory]
    [InlineData("model=500*3", false)]
    [InlineData("model=429*3", false)]
    [InlineData("model=context_overflow*1", false)]
    [InlineData("model=content_filter*1", false)]
    [InlineData("model=truncated_stream*1", true)]
    public async Task A_fallback_model_takes_over_also_in_the_middle(string fault, bool takesBack)
    {
        var question = FaultStack.Question("Hello!", "ladder", timeout: 10);
        var events = await shared.StreamAsync(question, fault);

        var names = events.Select(told => told.Name).ToList();
        Assert.Equal(takesBack ? 1 : 0, names.Count(name => name == "reply_discarded"));
        Assert.Equal(["degraded", "done"], names.TakeLast(2));
        Assert.Equal("fallback_model/model_error", FaultStack.Degradation(events[^1].Data));
        Assert.Equal(events[^1].Data.GetProperty("answer").GetString(), Shown(events));
    }

    [Fact]
    public async Task A_single_500_costs_the_answer_nothing()
    {
        var events = await shared.StreamAsync(FaultStack.Question("What is 6 * 6?", timeout: 10), "model=500*1");

        Assert.Null(FaultStack.Degradation(events[^1].Data));
        Assert.Equal("done", events[^1].Name);
        Assert.DoesNotContain(events, told => told.Name is "degraded" or "reply_discarded");
    }

    private static void CheckOrder(List<Sse.Event> events, bool takesBack)
    {
        var names = events.Select(told => told.Name).ToList();
        var degraded = names.IndexOf("degraded");
        Assert.True(degraded > 0 || names[0] == "degraded", string.Join(", ", names));
        Assert.Equal(["degraded", "delta", "done"], names[degraded..]);
        Assert.Equal(takesBack ? 1 : 0, names.Count(name => name == "reply_discarded"));
        if (takesBack)
        {
            // Nothing may stand between what was shown in vain and its end.
            Assert.Contains("delta", names[..names.IndexOf("reply_discarded")]);
            Assert.DoesNotContain("delta", names[names.IndexOf("reply_discarded")..degraded]);
        }

        Assert.Equal(events[^1].Data.GetProperty("answer").GetString(), Shown(events));
        Assert.True(JsonElement.DeepEquals(events[degraded].Data, events[^1].Data.GetProperty("degraded")));
    }

    /// <summary>The text a client holds that does what the events say.</summary>
    private static string Shown(List<Sse.Event> events)
    {
        var text = "";
        foreach (var told in events)
        {
            text = told.Name switch
            {
                "delta" when told.Data.GetProperty("offset").GetInt32() == 0 => told.Data.GetProperty("text").GetString()!,
                "delta" => text + told.Data.GetProperty("text").GetString(),
                "reply_discarded" => "",
                _ => text,
            };
        }

        return text;
    }

    private static void AssertSame(JsonElement plain, JsonElement streamed)
    {
        Assert.Equal(plain.EnumerateObject().Select(member => member.Name), streamed.EnumerateObject().Select(member => member.Name));
        foreach (var member in plain.EnumerateObject().Where(member => !Own.Contains(member.Name)))
        {
            var other = streamed.GetProperty(member.Name);
            Assert.True(
                member.Name == "degraded" ? Rungs(member.Value) == Rungs(other) : JsonElement.DeepEquals(member.Value, other),
                $"{member.Name}: {member.Value} plain, {other} streamed");
        }
    }

    private static string Rungs(JsonElement degraded) => degraded.GetProperty("level").GetString() + degraded.GetProperty("reason").GetString()
        + string.Concat(degraded.GetProperty("tried").EnumerateArray().Select(tried => $" {tried.GetProperty("rung").GetString()}={tried.GetProperty("outcome").GetString()}"));
}
