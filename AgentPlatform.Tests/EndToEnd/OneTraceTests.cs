using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd;

/// <summary>The trace of one request over API, executor, model, tool and Postgres, as a collector receives it.</summary>
public sealed class OneTraceTests(TracedStack fixture) : IClassFixture<TracedStack>
{
    private const string RunId = "agentplatform.run.id";

    [Theory]
    [InlineData(null)]
    [InlineData("traced")]
    public async Task A_question_is_one_tree_of_spans(string? session)
    {
        var reply = await fixture.Stack.AskAsync($"What is 40 + {session?.Length ?? 2}?", session);
        Assert.Equal(1, reply.Iterations);

        var trace = await TraceAsync(reply.RunId!);

        var root = Assert.Single(trace, span => span.ParentId.Length == 0);
        Assert.Equal(("api", ReceivedSpan.Server, "POST /agent"), (root.Service, root.Kind, root.Name));
        var door = Assert.Single(trace, span => span is { Service: "executor", Kind: ReceivedSpan.Server, Name: "POST /runs" });
        Assert.Contains(Ancestors(trace, door), span => span is { Service: "api", Kind: ReceivedSpan.Client });
        var run = Assert.Single(trace, IsRun);
        Assert.Contains(door, Ancestors(trace, run));
        Assert.Equal(2, trace.Count(span => span.Name.StartsWith("chat ", StringComparison.Ordinal)));
        Assert.Equal(1, trace.Count(span => span.Name == "execute_tool calculator"));
        Assert.All(
            trace.Where(span => span.Name.StartsWith("chat ", StringComparison.Ordinal) || span.Name is "execute_tool calculator" or "journal append" || IsModelRequest(span)),
            span => Assert.Contains(run, Ancestors(trace, span)));
        Assert.InRange(trace.Count(span => span.Name == "journal append"), 3, 4);
        Assert.Contains(trace, span => span.Scope == "Npgsql" && Ancestors(trace, span).Contains(run));
    }

    /// <summary>The whole trace of the run: once it has its root, no parent is missing, and nothing more has come for a moment.</summary>
    private async Task<IReadOnlyList<ReceivedSpan>> TraceAsync(string runId)
    {
        IReadOnlyList<ReceivedSpan> trace = [];
        await Eventually.TrueAsync(
            () =>
            {
                var known = trace.Count;
                var id = fixture.Receiver.Spans.FirstOrDefault(span => IsRun(span) && span.Attributes.GetValueOrDefault(RunId) == runId)?.TraceId;
                trace = [.. fixture.Receiver.Spans.Where(span => span.TraceId == id)];
                return trace.Count == known && trace.Any(span => span.ParentId.Length == 0) && Orphans(trace).Count == 0;
            },
            () => $"missing parents: {string.Join("; ", Orphans(trace))}{Environment.NewLine}{string.Join(Environment.NewLine, trace)}",
            TimeSpan.FromSeconds(15));
        return trace;
    }

    private static List<ReceivedSpan> Orphans(IReadOnlyList<ReceivedSpan> trace)
    {
        var known = trace.Select(span => span.SpanId).ToHashSet();
        return [.. trace.Where(span => span.ParentId.Length > 0 && !known.Contains(span.ParentId))];
    }

    private static IEnumerable<ReceivedSpan> Ancestors(IReadOnlyList<ReceivedSpan> trace, ReceivedSpan span)
    {
        for (var parent = Parent(span); parent is not null; parent = Parent(parent))
        {
            yield return parent;
        }

        ReceivedSpan? Parent(ReceivedSpan child) => trace.FirstOrDefault(candidate => candidate.SpanId == child.ParentId);
    }

    private static bool IsRun(ReceivedSpan span) => span is { Service: "executor", Name: "invoke_agent default" };

    private static bool IsModelRequest(ReceivedSpan span) => span is { Service: "executor", Kind: ReceivedSpan.Client, Scope: "System.Net.Http" };
}
