using AgentPlatform.Core.ChatModels.Builtin;
using AgentPlatform.Core.ChatModels.OpenAICompatible;
using AgentPlatform.Core.Faults;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Core.ChatModels;

/// <summary>Reads the settings, asks endpoints for model names that nobody configured, and fills the catalogue before anything serves.</summary>
internal sealed partial class ChatModelStart(
    IConfiguration configuration,
    ChatModelCatalogue catalogue,
    OpenAIChatClients openAI,
    ModelDiscovery discovery,
    FaultInjection faults,
    TimeProvider timeProvider,
    ILogger<ChatModelStart> logger) : IHostedLifecycleService
{
    // Nobody is there: its calls are answered before they are sent.
    private static readonly Uri NoEndpoint = new("http://builtin.invalid/v1");

    /// <summary>Payloads on spans only when the operator asked for them.</summary>
    private readonly bool _sensitive = configuration.GetValue("Logging:Sensitive", false);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var settings = new ModelSettingsReader(configuration, faults.IsOpen).Read();
        var models = await Task.WhenAll(settings.Select(model => BuildAsync(model, cancellationToken)));
        catalogue.Fill(models);
        foreach (var model in catalogue.Models)
        {
            LogModel(model.Name, model.Provider, model.Model, model.Host, model.ChosenBy);
        }
    }

    private async Task<ChatModel> BuildAsync(ModelSettings settings, CancellationToken cancellationToken)
    {
        if (settings.Provider == ModelProviders.Builtin)
        {
            var builtin = new BuiltinChatClient().AsBuilder()
                .UseOpenTelemetry(configure: telemetry => telemetry.EnableSensitiveData = _sensitive)
                .Build();
            return new ChatModel(settings, BuiltinChatClient.ModelId, faults.IsOpen ? Faulty(builtin, settings) : builtin);
        }

        var modelId = settings.Model ?? await discovery.FindModelAsync(settings, cancellationToken);
        return new ChatModel(settings, modelId, openAI.Create(settings, modelId, _sensitive));
    }

    private FaultyBuiltinClient Faulty(IChatClient builtin, ModelSettings settings) => new(
        builtin,
        openAI.Create(settings with { Endpoint = NoEndpoint }, BuiltinChatClient.ModelId, _sensitive),
        settings.Faults is { } configured ? new BuiltinFaults(configured) : null,
        timeProvider);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Information, Message = "Model {Name}: {Provider} {Model} at {Host}, chosen by {ChosenBy}")]
    private partial void LogModel(string name, string provider, string model, string? host, string chosenBy);
}
