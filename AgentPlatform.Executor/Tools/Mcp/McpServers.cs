using System.Collections.Immutable;
using System.Text.Json;
using AgentPlatform.Executor.Agents;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Executor.Tools.Mcp;

/// <summary>The servers of the configuration and of the agents' files, each at work from when it is declared until it is not any more.</summary>
internal sealed class McpServers(IOptions<McpServersOptions> configured, IOptions<McpSettings> settings, ToolSecrets secrets, TimeProvider time, IServiceProvider services)
    : IAsyncDisposable, IDisposable
{
    private readonly Lock _applying = new();
    private volatile ImmutableDictionary<string, McpServer> _servers = ImmutableDictionary.Create<string, McpServer>(StringComparer.Ordinal);
    private int _generation;

    /// <summary>After a server's tools came, went or changed.</summary>
    public event Action? Changed;

    /// <summary>Grows with each change.</summary>
    public int Generation => Volatile.Read(ref _generation);

    public IReadOnlyList<McpServerDefinition> Configured => configured.Value.Servers;

    public ToolSecrets Secrets => secrets;

    /// <summary>By name.</summary>
    public IEnumerable<McpServer> All => _servers.Values.OrderBy(server => server.Definition.Name, StringComparer.Ordinal);

    public McpServer? Find(string server) => _servers.GetValueOrDefault(server);

    public AgentTool? Tool(string name) =>
        McpNames.ServerOf(name) is { } server ? Find(server)?.Offer.ByName.GetValueOrDefault(name) : null;

    /// <summary>Of a tool that is not there now: what the operator said, else the worst.</summary>
    public ToolEffect LikelyEffect(string name)
    {
        var server = McpNames.ServerOf(name) ?? "";
        var stated = Find(server)?.Definition.Effects.Where(effect => McpNames.Of(server, effect.Key) == name).Select(effect => (ToolEffect?)effect.Value);
        return stated?.FirstOrDefault() ?? ToolEffect.Write;
    }

    /// <summary>Starts what is new, ends what is gone; one that changed is both. Those that stay keep their sessions.</summary>
    /// <param name="declared">Servers of the agents' files.</param>
    public void Apply(IEnumerable<McpServerDefinition> declared)
    {
        lock (_applying)
        {
            var wanted = Configured.Concat(declared).ToDictionary(definition => definition.Name, StringComparer.Ordinal);
            var before = _servers;
            var next = before;
            foreach (var (name, server) in before)
            {
                if (!wanted.TryGetValue(name, out var definition) || !IsSame(definition, server.Definition))
                {
                    next = next.Remove(name);
                    _ = server.DisposeAsync().AsTask();
                }
            }

            foreach (var (name, definition) in wanted)
            {
                if (!next.ContainsKey(name))
                {
                    next = next.Add(name, ActivatorUtilities.CreateInstance<McpServer>(services, definition, (Action)Tell));
                }
            }

            _servers = next;
            if (before != next)
            {
                Tell();
            }
        }
    }

    /// <summary>Waits a bounded time until each server was tried once.</summary>
    public async Task FirstLookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(_servers.Values.Select(server => server.Looked)).WaitAsync(settings.Value.StartWithin, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Their tools come when they do.
        }
    }

    public async ValueTask DisposeAsync()
    {
        var servers = _servers;
        _servers = servers.Clear();
        await Task.WhenAll(servers.Values.Select(server => server.DisposeAsync().AsTask()));
    }

    /// <summary>For hosts that do not wait when they end.</summary>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private void Tell()
    {
        Interlocked.Increment(ref _generation);
        Changed?.Invoke();
    }

    private static bool IsSame(McpServerDefinition one, McpServerDefinition other) =>
        JsonSerializer.Serialize(one, AgentJson.Stored.McpServerDefinition) == JsonSerializer.Serialize(other, AgentJson.Stored.McpServerDefinition);
}
