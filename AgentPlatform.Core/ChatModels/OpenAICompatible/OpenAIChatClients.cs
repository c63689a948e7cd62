using System.ClientModel;
using System.ClientModel.Primitives;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using OpenAI;

namespace AgentPlatform.Core.ChatModels.OpenAICompatible;

/// <summary>
/// Builds the client of one OpenAI-compatible model through Semantic Kernel's OpenAI connector. The connector puts a layer on top
/// that calls functions by itself; we take the telemetry layer beneath it, because here a tool runs only after its call is journaled.
/// </summary>
internal sealed class OpenAIChatClients(IHttpClientFactory clients)
{
    /// <summary>Sent where no key is configured: local servers ignore it, and the SDK wants one.</summary>
    public const string NoKey = "none";

    public IChatClient Create(ModelSettings settings, string modelId, bool sensitive)
    {
        var sdk = new OpenAIClient(new ApiKeyCredential(settings.ApiKey ?? NoKey), new OpenAIClientOptions
        {
            Endpoint = settings.Endpoint,
            Transport = new HttpClientPipelineTransport(clients.CreateClient(ModelHttpClient.Name)),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
            ClientLoggingOptions = new ClientLoggingOptions { EnableLogging = false },
            EnableDistributedTracing = false,
        });

        // Never disposed: that would dispose the client, which the catalogue owns.
        var connector = new ServiceCollection()
            .AddOpenAIChatClient(modelId, sdk, settings.Name, openTelemetryConfig: telemetry => telemetry.EnableSensitiveData = sensitive)
            .BuildServiceProvider();
        return connector.GetRequiredKeyedService<IChatClient>(settings.Name).GetRequiredService<OpenTelemetryChatClient>();
    }
}
