using AgentPlatform.Core.ChatModels;

namespace AgentPlatform.Executor.Agents;

/// <summary>What agents need to know of the configured models.</summary>
/// <param name="Names">Names an agent may use as <c>model</c> and in <c>fallback_models</c>.</param>
/// <param name="Settings">
/// Everything about a model that changes its answers (provider, endpoint, id) as one text, without secrets.
/// </param>
/// <param name="IsPriced">Whether its tokens have prices; taken to be so when left out.</param>
internal sealed record AgentModels(IReadOnlyCollection<string> Names, Func<string, string> Settings, Func<string, bool>? IsPriced = null)
{
    public static AgentModels Of(ChatModelCatalogue models) =>
        new([.. models.Models.Select(model => model.Name)], name => models.Get(name).SettingsDigestInput, name => models.TryGet(name) is not { HighestPrice: null });
}
