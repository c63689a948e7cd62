using System.Collections.Concurrent;
using AgentPlatform.ServiceDefaults.Resilience;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.ExecutorClient;

/// <summary>
/// The executors that are passed over because they were silent, stopping or not to be reached a moment ago. After
/// <see cref="ExecutorClientOptions.PassOverFor"/> one request tries such an executor while the others go on passing it over; an answer, of
/// whatever kind, brings it back. So a hung executor costs one silence to one caller, not one to each.
/// </summary>
internal sealed class ExecutorEndpoints(CircuitBoard board, IOptions<ExecutorClientOptions> options, TimeProvider timeProvider)
{
    private static readonly HttpRequestOptionsKey<string> Asked = new("executor.asked");

    /// <summary>An address that is not asked for so long has gone from service discovery.</summary>
    private static readonly TimeSpan ForgetAfter = TimeSpan.FromMinutes(10);

    private readonly TimeSpan _passOverFor = options.Value.PassOverFor;
    private readonly ConcurrentDictionary<string, long> _passedOver = new(StringComparer.OrdinalIgnoreCase);

    public int Count => _passedOver.Count;

    /// <summary>Notes which executor a request goes to.</summary>
    public static void Note(HttpRequestMessage request) => request.Options.Set(Asked, request.RequestUri!.Authority);

    /// <summary>True to everybody but the one who shall try it.</summary>
    public bool IsPassedOver(string endpoint)
    {
        if (!_passedOver.TryGetValue(endpoint, out var since))
        {
            return false;
        }

        if (timeProvider.GetElapsedTime(since) < _passOverFor || !_passedOver.TryUpdate(endpoint, timeProvider.GetTimestamp(), since))
        {
            return true;
        }

        board.HalfOpened(Hops.Executor, endpoint);
        return false;
    }

    /// <summary>The executor that this request went to.</summary>
    public void PassOver(HttpRequestMessage request)
    {
        if (_passOverFor == TimeSpan.Zero || !request.Options.TryGetValue(Asked, out var endpoint))
        {
            return;
        }

        foreach (var (gone, since) in _passedOver.Where(known => timeProvider.GetElapsedTime(known.Value) > ForgetAfter))
        {
            if (_passedOver.TryRemove(KeyValuePair.Create(gone, since)))
            {
                board.Closed(Hops.Executor, gone);
            }
        }

        _passedOver[endpoint] = timeProvider.GetTimestamp();
        board.Opened(Hops.Executor, endpoint);
    }

    public void Answered(string endpoint)
    {
        if (!_passedOver.IsEmpty && _passedOver.TryRemove(endpoint, out _))
        {
            board.Closed(Hops.Executor, endpoint);
        }
    }
}
