using AgentPlatform.Core.ChatModels;
using AgentPlatform.ServiceDefaults.Resilience;
using AgentPlatform.Tests.ModelServer;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace AgentPlatform.Tests.Core.ChatModels;

/// <summary>A host with chat models and nothing else; its configuration holds only what the test says, no environment.</summary>
internal sealed class ModelHost(IHost host) : IAsyncDisposable
{
    public ChatModelCatalogue Catalogue => host.Services.GetRequiredService<ChatModelCatalogue>();

    public ModelCaller Caller => host.Services.GetRequiredService<ModelCaller>();

    public CircuitBoard Board => host.Services.GetRequiredService<CircuitBoard>();

    public ChatModel Default => Catalogue.Get("default");

    public static async Task<ModelHost> StartAsync(TimeProvider? time, params (string Key, string? Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings
        {
            DisableDefaults = true,
            EnvironmentName = settings.FirstOrDefault(setting => setting.Key == "environment").Value,
        });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value)));
        builder.Services.AddChatModels(builder.Configuration);
        if (time is not null)
        {
            builder.Services.Replace(ServiceDescriptor.Singleton(time));
        }

        var host = new ModelHost(builder.Build());
        try
        {
            await host.StartAsync();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public static Task<ModelHost> StartAsync(params (string Key, string? Value)[] settings) => StartAsync(time: null, settings);

    /// <summary>The default model at the fake server.</summary>
    public static Task<ModelHost> StartAsync(FakeModelServer server, TimeProvider? time = null) =>
        StartAsync(time, ("OPENAI_BASE_URL", server.BaseUrl), ("OPENAI_MODEL", "fake-model"));

    public async ValueTask DisposeAsync()
    {
        using (host)
        {
            await host.StopAsync(CancellationToken.None);
        }
    }

    private Task StartAsync() => host.StartAsync(TestContext.Current.CancellationToken);
}
