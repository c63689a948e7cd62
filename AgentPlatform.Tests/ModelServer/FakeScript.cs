using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace AgentPlatform.Tests.ModelServer;

/// <summary>Decides each reply: the newest rule that fits, else the next one of the sequence, else <see cref="FakeDefault"/>.</summary>
internal sealed class FakeScript
{
    private readonly ConcurrentQueue<FakeReply> _sequence = new();
    private ImmutableArray<Func<FakeModelRequest, FakeReply?>> _rules = [];

    public void Add(Func<FakeModelRequest, FakeReply?> rule) => ImmutableInterlocked.Update(ref _rules, rules => rules.Insert(0, rule));

    public void Add(IEnumerable<FakeReply> sequence)
    {
        foreach (var reply in sequence)
        {
            _sequence.Enqueue(reply);
        }
    }

    public void Clear()
    {
        _rules = [];
        _sequence.Clear();
    }

    public FakeReply Decide(FakeModelRequest request)
    {
        foreach (var rule in _rules)
        {
            if (rule(request) is { } reply)
            {
                return reply;
            }
        }

        return _sequence.TryDequeue(out var next) ? next : FakeDefault.Decide(request);
    }
}
