using System.Collections.Concurrent;
using AgentPlatform.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.ServiceDefaults.Resilience;

/// <summary>
/// Which remote servers this process leaves alone at the moment: for metrics, for <c>/health</c>, and one log line when a circuit opens and one
/// when it closes, however often it was tried in between.
/// </summary>
public sealed partial class CircuitBoard(AgentMetrics metrics, TimeProvider timeProvider, ILogger<CircuitBoard> logger)
{
    private const string OpenWord = "open";
    private const string HalfOpenWord = "half_open";

    private readonly ConcurrentDictionary<(string Hop, string Endpoint), OpenCircuit> _open = new();

    /// <summary>Those that are not closed, by name; empty in good times.</summary>
    public IReadOnlyList<OpenCircuit> Open =>
        _open.IsEmpty ? [] : [.. _open.Values.OrderBy(circuit => circuit.Hop, StringComparer.Ordinal).ThenBy(circuit => circuit.Endpoint, StringComparer.Ordinal)];

    public void Opened(string hop, string endpoint)
    {
        metrics.CircuitIs(hop, endpoint, CircuitStates.Open);
        if (_open.TryAdd((hop, endpoint), new OpenCircuit(hop, endpoint, OpenWord, timeProvider.GetUtcNow())))
        {
            metrics.CircuitOpened(hop, endpoint);
            LogOpened(hop, endpoint);
        }
        else
        {
            Mark(hop, endpoint, OpenWord);
        }
    }

    public void HalfOpened(string hop, string endpoint)
    {
        metrics.CircuitIs(hop, endpoint, CircuitStates.HalfOpen);
        Mark(hop, endpoint, HalfOpenWord);
    }

    public void Closed(string hop, string endpoint)
    {
        metrics.CircuitIs(hop, endpoint, CircuitStates.Closed);
        if (_open.TryRemove((hop, endpoint), out var circuit))
        {
            LogClosed(hop, endpoint, (timeProvider.GetUtcNow() - circuit.Since).TotalSeconds);
        }
    }

    private void Mark(string hop, string endpoint, string state)
    {
        if (_open.TryGetValue((hop, endpoint), out var circuit))
        {
            _open.TryUpdate((hop, endpoint), circuit with { State = state }, circuit);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The {Hop} {Endpoint} keeps failing and is left alone for a while", EventName = "circuit_opened")]
    private partial void LogOpened(string hop, string endpoint);

    [LoggerMessage(2, LogLevel.Information, "The {Hop} {Endpoint} answers again after {Seconds} s", EventName = "circuit_closed")]
    private partial void LogClosed(string hop, string endpoint, double seconds);
}
