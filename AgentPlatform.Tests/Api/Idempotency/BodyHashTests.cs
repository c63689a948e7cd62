using AgentPlatform.Api.Agent;
using AgentPlatform.Api.Idempotency;
using AgentPlatform.Api.Runs;
using Xunit;

namespace AgentPlatform.Tests.Api.Idempotency;

public sealed class BodyHashTests
{
    private static readonly AskBody Body = new()
    {
        Question = "x",
        SessionId = "s",
        Timeout = 30,
        Agent = "default",
        Stream = false,
        Strict = false,
        Metadata = new() { ["a"] = "1", ["b"] = "2" },
        User = "ada",
    };

    [Fact]
    public void What_is_left_out_is_its_default_and_order_is_nothing()
    {
        Assert.Equal(
            BodyHash.Of(Body),
            BodyHash.Of(new AskBody { Question = "x", SessionId = "s", Metadata = new() { ["b"] = "2", ["a"] = "1" }, User = "ada" }));
        Assert.Equal(BodyHash.Of(new RunBody { Question = "x" }), BodyHash.Of(new RunBody { Question = "x", Metadata = [], Timeout = 30.0 }));
    }

    [Fact]
    public void Every_member_counts()
    {
        AskBody[] others =
        [
            Body with { Question = "y" },
            Body with { SessionId = null },
            Body with { Timeout = 31 },
            Body with { Agent = "other" },
            Body with { Stream = true },
            Body with { Strict = true },
            Body with { Metadata = new() { ["a"] = "1" } },
            Body with { Metadata = new() { ["a"] = "2", ["b"] = "1" } },
            Body with { User = null },
            Body with { User = "s", SessionId = "ada" },
        ];

        Assert.Equal(others.Length + 1, others.Append(Body).Select(BodyHash.Of).Distinct().Count());
    }
}
