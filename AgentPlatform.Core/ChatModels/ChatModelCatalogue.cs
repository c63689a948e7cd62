namespace AgentPlatform.Core.ChatModels;

/// <summary>The configured models. Filled once, before the host serves; a process without a usable model does not start.</summary>
public sealed class ChatModelCatalogue : IDisposable
{
    private Dictionary<string, ChatModel>? _models;

    /// <summary>What may be shown of each model, in the order of the configuration.</summary>
    public IReadOnlyList<ChatModelInfo> Models { get; private set; } = [];

    /// <summary>The model of that configured name, upper or lower case.</summary>
    /// <exception cref="KeyNotFoundException">There is none; the message names those that exist.</exception>
    public ChatModel Get(string name) =>
        TryGet(name) ?? throw new KeyNotFoundException(
            $"No model is called \"{name}\". Configured models: {string.Join(", ", Models.Select(model => model.Name))}. Add a section Models:{name}.");

    /// <summary>The model of that configured name, or null.</summary>
    public ChatModel? TryGet(string name)
    {
        var models = _models ?? throw new InvalidOperationException("The models are found when the host starts; it has not started yet.");
        return models.GetValueOrDefault(name);
    }

    internal void Fill(IReadOnlyList<ChatModel> models)
    {
        _models = models.ToDictionary(model => model.Name, StringComparer.OrdinalIgnoreCase);
        Models = [.. models.Select(model => model.Info)];
    }

    public void Dispose()
    {
        foreach (var model in _models?.Values.AsEnumerable() ?? [])
        {
            model.Client.Dispose();
        }
    }
}
