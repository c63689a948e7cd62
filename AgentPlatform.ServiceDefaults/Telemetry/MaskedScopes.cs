using AgentPlatform.ServiceDefaults.Secrets;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.ServiceDefaults.Telemetry;

/// <summary>Takes secrets out of scopes when they are opened: they are exported with each log record in them, and a processor of records cannot change them.</summary>
internal sealed class MaskedScopes(SecretMask secrets) : IExternalScopeProvider
{
    private readonly LoggerExternalScopeProvider _scopes = new();

    public void ForEachScope<TState>(Action<object?, TState> callback, TState state) => _scopes.ForEachScope(callback, state);

    public IDisposable Push(object? state) => _scopes.Push(state switch
    {
        string text => secrets.HideAll(text),
        IEnumerable<KeyValuePair<string, object?>> values when values.Any(IsTold) => values.Select(value => MaskedTag.Of(value, secrets)).ToArray(),
        _ => state,
    });

    private bool IsTold(KeyValuePair<string, object?> value) => !ReferenceEquals(MaskedTag.Of(value, secrets).Value, value.Value);
}
