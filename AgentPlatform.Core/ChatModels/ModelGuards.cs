using System.Collections.Concurrent;
using AgentPlatform.ServiceDefaults.Resilience;
using AgentPlatform.ServiceDefaults.Telemetry;
using Polly;

namespace AgentPlatform.Core.ChatModels;

/// <summary>
/// What stands between a call and its model: the room that the model's settings give it, and the circuit of its endpoint, which the models
/// there share. The built-in model has neither.
/// </summary>
internal sealed class ModelGuards(Circuits circuits, AgentMetrics metrics, TimeProvider timeProvider) : IDisposable
{
    private readonly ConcurrentDictionary<string, Bulkhead> _rooms = new(StringComparer.Ordinal);

    /// <summary>Null: there is always room.</summary>
    public Bulkhead? RoomOf(ChatModel model) => model.Limits.MaxConcurrent is { } places
        ? _rooms.GetOrAdd(model.Name, _ => new Bulkhead(Hops.Model, places, model.Limits.MaxWait, metrics, timeProvider))
        : null;

    public ResiliencePipeline CircuitOf(ChatModel model) =>
        model.Info.Host is { } host ? circuits.Of(Hops.Model, host, IsFailure) : ResiliencePipeline.Empty;

    public void Dispose()
    {
        foreach (var room in _rooms.Values)
        {
            room.Dispose();
        }
    }

    /// <summary>The endpoint's own trouble. A request that it refused, or that its caller gave up, says nothing against it.</summary>
    private static bool IsFailure(Outcome<object> outcome) => outcome.Exception is ModelCallException
    {
        Failure.Kind: ModelErrorKind.RateLimited or ModelErrorKind.ServerError or ModelErrorKind.Timeout or ModelErrorKind.Unreachable,
    };
}
