using System.Collections.Concurrent;
using AgentPlatform.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;

namespace AgentPlatform.ServiceDefaults.Resilience;

/// <summary>
/// One circuit breaker for each remote server, whoever asks it: while it is open a call throws <see cref="BrokenCircuitException"/> at once
/// instead of making one more client wait and one more request arrive at a server that has enough trouble. What counts as a failure the hop
/// says; the caller's own cancellation and its own mistakes never do.
/// </summary>
public sealed class Circuits(IOptions<CircuitOptions> options, CircuitBoard board, AgentMetrics metrics, TimeProvider timeProvider)
{
    /// <summary>Stands in metrics for every server that nobody configured.</summary>
    private const string AnyEndpoint = "any";

    /// <summary>Servers that models choose are without number; beyond this many the healthy ones are forgotten.</summary>
    private const int MostUnlisted = 256;

    private readonly ConcurrentDictionary<(string Hop, string Endpoint), ResiliencePipeline> _listed = new();
    private readonly ConcurrentDictionary<string, Unlisted> _unlisted = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The circuit of a configured server, shown in metrics and <c>/health</c>.</summary>
    /// <param name="isFailure">How the server's failures are told from everything else; the same for every caller of a hop.</param>
    public ResiliencePipeline Of(string hop, string endpoint, Func<Outcome<object>, bool> isFailure) =>
        _listed.TryGetValue((hop, endpoint), out var circuit)
            ? circuit
            : _listed.GetOrAdd((hop, endpoint), key => Build(isFailure, new CircuitBreakerStateProvider(), new CircuitBreakerStrategyOptions
            {
                OnOpened = _ => Done(() => board.Opened(key.Hop, key.Endpoint)),
                OnHalfOpened = _ => Done(() => board.HalfOpened(key.Hop, key.Endpoint)),
                OnClosed = _ => Done(() => board.Closed(key.Hop, key.Endpoint)),
            }));

    /// <summary>The circuit of a server that a model named: its opening is counted, and its name shown nowhere.</summary>
    public ResiliencePipeline OfUnlisted(string hop, string endpoint, Func<Outcome<object>, bool> isFailure)
    {
        if (_unlisted.Count >= MostUnlisted)
        {
            foreach (var (name, known) in _unlisted.Where(known => known.Value.State.CircuitState == CircuitState.Closed))
            {
                _unlisted.TryRemove(name, out _);
            }
        }

        return _unlisted.GetOrAdd(endpoint, _ =>
        {
            var state = new CircuitBreakerStateProvider();
            return new Unlisted(state, Build(isFailure, state, new CircuitBreakerStrategyOptions
            {
                OnOpened = _ => Done(() => metrics.CircuitOpened(hop, AnyEndpoint)),
            }));
        }).Circuit;
    }

    private ResiliencePipeline Build(Func<Outcome<object>, bool> isFailure, CircuitBreakerStateProvider state, CircuitBreakerStrategyOptions strategy)
    {
        strategy.StateProvider = state;
        strategy.FailureRatio = options.Value.FailureRatio;
        strategy.MinimumThroughput = options.Value.MinimumCalls;
        strategy.SamplingDuration = options.Value.Window;
        strategy.BreakDuration = options.Value.BreakFor;
        strategy.ShouldHandle = call => ValueTask.FromResult(isFailure(call.Outcome) || IsUndecided(call.Outcome, state));
        return new ResiliencePipelineBuilder { TimeProvider = timeProvider }.AddCircuitBreaker(strategy).Build();
    }

    /// <summary>The one call that tries a server again was given up by its caller: whatever is no failure would close the circuit, and nothing was learned.</summary>
    private static bool IsUndecided(Outcome<object> outcome, CircuitBreakerStateProvider state) =>
        outcome.Exception is OperationCanceledException && state.CircuitState == CircuitState.HalfOpen;

    private static ValueTask Done(Action tell)
    {
        tell();
        return ValueTask.CompletedTask;
    }

    private sealed record Unlisted(CircuitBreakerStateProvider State, ResiliencePipeline Circuit);
}
