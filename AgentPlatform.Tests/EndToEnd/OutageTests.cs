using AgentPlatform.Tests.ModelServer;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd;

/// <summary>The only executor hangs, or is gone with nobody to start it again.</summary>
public sealed class OutageTests : IAsyncLifetime
{
    private const string Question = "Is anybody there?";

    private FakeModelServer _model = null!;
    private RunningStack _stack = null!;

    public async ValueTask InitializeAsync()
    {
        _model = await FakeModelServer.StartAsync(TestContext.Current.CancellationToken);
        _stack = await RunningStack.StartAsync(new StackSettings
        {
            Environment = new Dictionary<string, string?>
            {
                ["OPENAI_BASE_URL"] = _model.BaseUrl,
                ["OPENAI_API_KEY"] = "key-of-the-test",
                ["AnswerCache__Deadline"] = "00:00:05",
                ["ExecutorClient__Silence"] = "00:00:01.500",
                ["ExecutorClient__ReattachWithin"] = "00:00:01",
                ["ExecutorClient__StartWithin"] = "00:00:01",
            },
        });
    }

    [Fact]
    public async Task While_the_executor_hangs_the_model_alone_answers_and_afterwards_the_agent_does_again()
    {
        StackReply? known = null;
        await Eventually.TrueAsync(async () => (known = await _stack.AskAsync("What is 1 + 1?")).Cached, () => $"{known?.Body}");

        _stack.Signal("executor-1", Signals.Stop);
        var cached = await _stack.AskAsync("What is 1 + 1?");
        var direct = await _stack.AskAsync(Question);
        var strict = await _stack.AskAsync(Question, strict: true);
        _stack.Signal("executor-1", Signals.Continue);

        Assert.Equal((known!.Answer, true, null), (cached.Answer, cached.Cached, cached.Degraded));
        Assert.Equal((Question, "direct/executor_unavailable", false), (direct.Answer, direct.Degraded, direct.Cached));
        Assert.Equal((503, "executor_unavailable"), ((int)strict.Status, strict["code"].GetString()));
        await IsAnsweredInFullAsync();
    }

    [Fact]
    public async Task While_the_executor_is_gone_and_the_model_fails_the_fixed_sentence_answers()
    {
        _model.Always(_ => FakeReply.ServerError());
        Signals.Send(_stack.ProcessId, Signals.Stop);
        try
        {
            _stack.Signal("executor-1", Signals.Kill);

            var reply = await _stack.AskAsync(Question, session: "outage");

            Assert.Equal((200, "default/executor_unavailable", "none"), ((int)reply.Status, reply.Degraded, reply["model"].GetString()));
            Assert.False(reply["degraded"].GetProperty("recorded").GetBoolean());
            Assert.Equal(
                ["reattach", "stale", "direct", "partial", "default"],
                reply["degraded"].GetProperty("tried").EnumerateArray().Select(tried => tried.GetProperty("rung").GetString()));
        }
        finally
        {
            Signals.Send(_stack.ProcessId, Signals.Continue);
        }

        _model.ClearScript();
        await IsAnsweredInFullAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_stack is not null)
        {
            await _stack.DisposeAsync();
        }

        await _model.DisposeAsync();
    }

    private async Task IsAnsweredInFullAsync()
    {
        StackReply? reply = null;
        await Eventually.TrueAsync(async () => (reply = await _stack.AskAsync(Question)) is { Degraded: null }, () => $"{reply?.Body}{Environment.NewLine}{_stack.Output}");
    }
}
