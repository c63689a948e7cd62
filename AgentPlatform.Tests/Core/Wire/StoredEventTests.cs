using System.Text.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Core.Wire.Events;
using Xunit;

namespace AgentPlatform.Tests.Core.Wire;

/// <summary>The stored form of every event. A stored event must stay readable for ever: these lines are only added to.</summary>
public sealed class StoredEventTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<RunEvent, string> Stored => new()
    {
        {
            new RunStarted
            {
                Seq = 1, At = At, Agent = "default", AgentVersion = "0123456789abcdef", Question = "why?", SessionId = "s", Turn = 2, HistoryFrom = 1,
                TimeoutMs = 30000, User = "Ada", Metadata = new Dictionary<string, string> { ["team"] = "blue" }, Executor = "executor-1", TraceParent = "00-a-b-01",
            },
            """{"type":"run_started","agent":"default","agent_version":"0123456789abcdef","question":"why?","session_id":"s","turn":2,"history_from":1,"timeout_ms":30000,"background":false,"user":"Ada","metadata":{"team":"blue"},"executor":"executor-1","trace_parent":"00-a-b-01","seq":1,"at":"2026-11-22T12:00:00+00:00"}"""
        },
        {
            new RunStarted { Seq = 1, At = At, Agent = "default", AgentVersion = "v", Question = "why?", TimeoutMs = 1, Executor = "e", MaxTotalTokens = 20_000, MaxCostUsd = 0.25m },
            """{"type":"run_started","agent":"default","agent_version":"v","question":"why?","timeout_ms":1,"max_total_tokens":20000,"max_cost_usd":0.25,"background":false,"executor":"e","seq":1,"at":"2026-11-22T12:00:00+00:00"}"""
        },
        {
            new ModelReplied
            {
                Seq = 2, At = At, Model = "m", Text = "", ToolCalls = [new ToolCall("c1", "calculator", """{"expression":"1+1"}""")], DeltaLengths = [1, 2],
                Usage = new Usage(3, 4, 0.5m, false), DurationMs = 12, FinishReason = "tool_calls", Limit = null, FallbackModel = "second",
            },
            """{"type":"model_replied","model":"m","fallback_model":"second","text":"","tool_calls":[{"call_id":"c1","tool":"calculator","arguments":"{\"expression\":\"1+1\"}"}],"delta_lengths":[1,2],"usage":{"input_tokens":3,"output_tokens":4,"cost_usd":0.5,"estimated":false},"attempt":1,"requests":1,"duration_ms":12,"finish_reason":"tool_calls","seq":2,"at":"2026-11-22T12:00:00+00:00"}"""
        },
        {
            new ToolStarted { Seq = 3, At = At, CallId = "c1", Tool = "calculator", Effect = ToolEffect.Pure },
            """{"type":"tool_started","call_id":"c1","tool":"calculator","effect":"pure","seq":3,"at":"2026-11-22T12:00:00+00:00"}"""
        },
        {
            new ToolReturned { Seq = 4, At = At, CallId = "c1", Tool = "calculator", Result = "2", Error = ToolErrorKind.InvalidArguments, DurationMs = 1 },
            """{"type":"tool_returned","call_id":"c1","tool":"calculator","result":"2","error":"invalid_arguments","synthetic":false,"truncated":false,"duration_ms":1,"seq":4,"at":"2026-11-22T12:00:00+00:00"}"""
        },
        {
            new ApprovalRequested { Seq = 5, At = At, CallId = "c1", Tool = "send", Arguments = "{}", ExpiresAt = At },
            """{"type":"approval_requested","call_id":"c1","tool":"send","arguments":"{}","expires_at":"2026-11-22T12:00:00+00:00","seq":5,"at":"2026-11-22T12:00:00+00:00"}"""
        },
        {
            new ApprovalDecided { Seq = 6, At = At, CallId = "c1", Approved = true, Reason = "fine", By = "Grace" },
            """{"type":"approval_decided","call_id":"c1","approved":true,"reason":"fine","by":"Grace","seq":6,"at":"2026-11-22T12:00:00+00:00"}"""
        },
        {
            new RunResumed { Seq = 7, At = At, Epoch = 2, Executor = "executor-2" },
            """{"type":"run_resumed","epoch":2,"executor":"executor-2","seq":7,"at":"2026-11-22T12:00:00+00:00"}"""
        },
        {
            new RunCompleted { Seq = 8, At = At, Answer = "2", Output = JsonElement.Parse("""{"answer":2}"""), Iterations = 1, Limit = "max_iterations", SourceRunId = Guid.Empty },
            """{"type":"run_completed","answer":"2","output":{"answer":2},"iterations":1,"limit":"max_iterations","source_run_id":"00000000-0000-0000-0000-000000000000","seq":8,"at":"2026-11-22T12:00:00+00:00"}"""
        },
        {
            new RunFailed { Seq = 9, At = At, Reason = FailureReason.ModelError, Message = "no" },
            """{"type":"run_failed","reason":"model_error","message":"no","seq":9,"at":"2026-11-22T12:00:00+00:00"}"""
        },
        {
            new ToolReturned { Seq = 4, At = At, CallId = "c1", Tool = "http_get", Result = "a page", Untrusted = true },
            """{"type":"tool_returned","call_id":"c1","tool":"http_get","result":"a page","synthetic":false,"untrusted":true,"truncated":false,"duration_ms":0,"seq":4,"at":"2026-11-22T12:00:00+00:00"}"""
        },
        {
            new RunStarted { Seq = 1, At = At, Agent = "default", AgentVersion = "v", Question = "why?", TimeoutMs = 1, Executor = "e", Untrusted = true },
            """{"type":"run_started","agent":"default","agent_version":"v","question":"why?","timeout_ms":1,"background":false,"untrusted":true,"executor":"e","seq":1,"at":"2026-11-22T12:00:00+00:00"}"""
        },
        {
            new ApprovalRequested { Seq = 5, At = At, CallId = "c1", Tool = "send", Arguments = "{}", Cause = ApprovalRequested.UntrustedContent },
            """{"type":"approval_requested","call_id":"c1","tool":"send","arguments":"{}","cause":"untrusted_content","seq":5,"at":"2026-11-22T12:00:00+00:00"}"""
        },
        {
            new RunResumed { Seq = 7, At = At, Epoch = 1, Executor = "e", FromQueue = true, Untrusted = true },
            """{"type":"run_resumed","epoch":1,"executor":"e","from_queue":true,"untrusted":true,"seq":7,"at":"2026-11-22T12:00:00+00:00"}"""
        },
        { new RunTimedOut { Seq = 10, At = At }, """{"type":"run_timed_out","seq":10,"at":"2026-11-22T12:00:00+00:00"}""" },
        {
            new RunCancelled { Seq = 11, At = At, Cause = "requested" },
            """{"type":"run_cancelled","cause":"requested","seq":11,"at":"2026-11-22T12:00:00+00:00"}"""
        },
    };

    [Theory]
    [MemberData(nameof(Stored))]
    public void An_event_is_stored_in_this_form(RunEvent value, string json) =>
        Assert.Equal(json, JsonSerializer.Serialize(value, WireJson.Options));

    [Theory]
    [MemberData(nameof(Stored))]
    public void A_stored_event_reads_back_whatever_the_order_of_its_members(RunEvent value, string json)
    {
        using var document = JsonDocument.Parse(json);
        var members = document.RootElement.EnumerateObject().Reverse().ToDictionary(member => member.Name, member => member.Value.Clone());
        var reordered = JsonSerializer.Serialize(members);

        var read = JsonSerializer.Deserialize<RunEvent>(reordered, WireJson.Options);

        Assert.Equal(value.GetType(), read!.GetType());
        Assert.Equal(json, JsonSerializer.Serialize(read, WireJson.Options));
    }

    [Fact]
    public void Every_kind_of_event_has_its_line_here()
    {
        var known = typeof(RunEvent).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(RunEvent))).ToHashSet();
        var shown = Stored.Select(row => row.Data.Item1.GetType()).ToHashSet();
        Assert.Equal(known, shown);
    }
}
