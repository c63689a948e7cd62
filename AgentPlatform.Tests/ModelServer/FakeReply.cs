using System.Globalization;

namespace AgentPlatform.Tests.ModelServer;

/// <summary>One scripted answer of <see cref="FakeModelServer"/>; the same reply serves plain and streaming requests.</summary>
public sealed record FakeReply
{
    public int Status { get; private init; } = 200;

    public string? Text { get; private init; }

    public IReadOnlyList<FakeToolCall> ToolCalls { get; private init; } = [];

    public string FinishReason { get; init; } = "stop";

    /// <summary>Sent instead of a well-formed body.</summary>
    public string? RawBody { get; private init; }

    public string? RetryAfter { get; private init; }

    public bool HasUsage { get; private init; } = true;

    /// <summary>Before anything is sent.</summary>
    public TimeSpan Latency { get; private init; }

    /// <summary>Awaited before anything is sent.</summary>
    public Task HeldBack { get; init; } = Task.CompletedTask;

    /// <summary>Between the pieces of a stream.</summary>
    public TimeSpan PieceDelay { get; private init; }

    /// <summary>Awaited in the middle of a stream, before it goes on, stalls or is cut.</summary>
    public Task Hold { get; init; } = Task.CompletedTask;

    public FakeStall Stall { get; private init; }

    public FakeCut Cut { get; private init; }

    public static FakeReply Answer(string text) => new() { Text = text };

    /// <summary>One or several (parallel) tool calls.</summary>
    public static FakeReply Calls(params FakeToolCall[] calls) => new() { ToolCalls = calls, FinishReason = "tool_calls" };

    public static FakeReply Call(string tool, string arguments) => Calls(new FakeToolCall(tool, arguments));

    public static FakeReply Fail(int status, string code, string message = "Scripted failure.", TimeSpan? retryAfter = null) => new()
    {
        Status = status,
        RawBody = $$"""{"error":{"message":"{{message}}","type":"scripted","code":"{{code}}","param":null} }""",
        RetryAfter = retryAfter?.TotalSeconds.ToString(CultureInfo.InvariantCulture),
    };

    public static FakeReply RateLimited(TimeSpan? retryAfter = null) => Fail(429, "rate_limit_exceeded", "Slow down.", retryAfter);

    public static FakeReply QuotaUsedUp() => Fail(429, "insufficient_quota");

    public static FakeReply ServerError() => Fail(500, "internal_error");

    public static FakeReply ContextOverflow() => Fail(400, "context_length_exceeded", "This model's maximum context length is 8192 tokens.");

    public static FakeReply ContentFilter() => Fail(400, "content_filter");

    public static FakeReply Stalls(FakeStall stall) => new() { Text = "This sentence is never finished.", Stall = stall };

    public static FakeReply Truncated(FakeCut cut) => new() { Text = "This sentence ends in the middle.", Cut = cut };

    /// <summary>Status 200 and a body that is no JSON.</summary>
    public static FakeReply BrokenJson() => Raw("""{"id":"chatcmpl-1","choices":[{"mess""");

    /// <summary>Status 200 and this very body.</summary>
    public static FakeReply Raw(string body) => new() { RawBody = body };

    /// <summary>Calls the tool in each of the first rounds after the question, then answers.</summary>
    public static Func<FakeModelRequest, FakeReply> Rounds(int rounds, string tool, string arguments, string answer) =>
        request => request.RoundsSinceQuestion < rounds && request.Offers(tool) ? Call(tool, arguments) : Answer(answer);

    /// <summary>The last user message again.</summary>
    public static FakeReply Echo(FakeModelRequest request) => Answer(request.LastUserText);

    public FakeReply After(TimeSpan latency) => this with { Latency = latency };

    public FakeReply WithPieceDelay(TimeSpan delay) => this with { PieceDelay = delay };

    public FakeReply WithoutUsage() => this with { HasUsage = false };
}
