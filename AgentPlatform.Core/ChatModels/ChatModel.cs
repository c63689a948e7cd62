using Microsoft.Extensions.AI;

namespace AgentPlatform.Core.ChatModels;

/// <summary>One model that is ready to be called, by its configured name.</summary>
public sealed class ChatModel
{
    private const decimal PriceUnit = 1_000_000m;

    internal ChatModel(ModelSettings settings, string modelId, IChatClient client)
    {
        Name = settings.Name;
        Provider = settings.Provider;
        ModelId = modelId;
        InputPrice = settings.InputPrice;
        OutputPrice = settings.OutputPrice;
        Client = client;
        Limits = settings.Limits;
        Info = new ChatModelInfo(Name, Provider, modelId, settings.Endpoint?.Authority, settings.ChosenBy);
        SettingsDigestInput = $"{Provider}\n{Address(settings.Endpoint)}\n{modelId}";
    }

    public string Name { get; }

    public string Provider { get; }

    /// <summary>The model's own id at its endpoint.</summary>
    public string ModelId { get; }

    /// <summary>US dollars per million tokens.</summary>
    public decimal? InputPrice { get; }

    /// <summary>US dollars per million tokens.</summary>
    public decimal? OutputPrice { get; }

    /// <summary>US dollars that one token costs at most; null when a price is not configured.</summary>
    public decimal? HighestPrice => InputPrice is { } input && OutputPrice is { } output ? Math.Max(input, output) / PriceUnit : null;

    /// <summary>Calls the model with telemetry, without retries and without calling tools: those belong to the caller.</summary>
    public IChatClient Client { get; }

    public ChatModelInfo Info { get; }

    internal ModelLimits Limits { get; }

    /// <summary>Everything of the settings that changes answers, for cache keys and agent versions. Never the key.</summary>
    public string SettingsDigestInput { get; }

    /// <summary>US dollars; null when a price that is needed is not configured.</summary>
    public decimal? Cost(long inputTokens, long outputTokens) =>
        Part(inputTokens, InputPrice) + Part(outputTokens, OutputPrice);

    /// <summary>Without user information and query, which may hold secrets.</summary>
    private static string Address(Uri? endpoint) => endpoint is null ? "" : $"{endpoint.Scheme}://{endpoint.Authority}{endpoint.AbsolutePath}";

    private static decimal? Part(long tokens, decimal? price) => tokens == 0 ? 0m : tokens * price / PriceUnit;
}
