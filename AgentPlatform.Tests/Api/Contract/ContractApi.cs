using Xunit;

namespace AgentPlatform.Tests.Api.Contract;

/// <summary>The API itself on a free port of Kestrel, before a scripted executor and without a Redis.</summary>
public sealed class ContractApi : IAsyncLifetime
{
    private ScriptedExecutor? _executor;
    private ApiProcess? _api;

    public HttpClient Client { get; private set; } = null!;

    public Uri Address => Client.BaseAddress!;

    internal ScriptedExecutor Executor => _executor!;

    public async ValueTask InitializeAsync()
    {
        _executor = await ScriptedExecutor.StartAsync();
        Samples.Script(_executor);
        _api = ApiProcess.Start(_executor.Address);
        Client = _api.CreateDefaultClient();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _api!.DisposeAsync();
        await _executor!.DisposeAsync();
    }
}
