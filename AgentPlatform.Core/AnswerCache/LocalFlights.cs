using System.Collections.Concurrent;

namespace AgentPlatform.Core.AnswerCache;

/// <summary>
/// The questions this process is answering right now: whoever asks the same one waits here for the first, without a
/// word to Redis.
/// </summary>
/// <typeparam name="TResult">What the leader learns and its waiters share.</typeparam>
public sealed class LocalFlights<TResult>
    where TResult : class
{
    private readonly ConcurrentDictionary<AnswerKey, LocalFlight<TResult>> _flights = new();

    /// <summary>Joins the flight of a key, or takes its lead. The leader must <see cref="Land"/>.</summary>
    /// <param name="runId">The run of the flight if this call takes the lead.</param>
    /// <param name="isLeader">Whether it did.</param>
    public LocalFlight<TResult> Enter(AnswerKey key, Guid runId, out bool isLeader)
    {
        var mine = new LocalFlight<TResult>(runId);
        var flight = _flights.GetOrAdd(key, mine);
        isLeader = ReferenceEquals(flight, mine);
        return flight;
    }

    /// <summary>Ends the flight; waiters that have no result by now are told that their leader left.</summary>
    public void Land(AnswerKey key, LocalFlight<TResult> flight)
    {
        _flights.TryRemove(KeyValuePair.Create(key, flight));
        flight.Land();
    }
}
