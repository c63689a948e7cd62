using AgentPlatform.Core.ChatModels.Builtin;

namespace AgentPlatform.Core.ChatModels;

/// <summary>One named model after the choice of provider; <see cref="Model"/> may still have to be asked of the endpoint.</summary>
/// <param name="ModelSetting">The setting that names the model, for messages to the operator.</param>
/// <param name="ChosenBy">The setting that decided the provider, for the log line and <c>/health</c>.</param>
internal sealed record ModelSettings(
    string Name,
    string Provider,
    Uri? Endpoint,
    string? ApiKey,
    string? Model,
    decimal? InputPrice,
    decimal? OutputPrice,
    string ModelSetting,
    string ChosenBy)
{
    public ModelLimits Limits { get; init; } = ModelLimits.Default;

    /// <summary>How a built-in model fails; null for one that does not.</summary>
    public BuiltinFaultOptions? Faults { get; init; }

    /// <summary>Records print their members; a key must not get into a log that way.</summary>
    public override string ToString() => $"{Name}: {Provider} {Endpoint?.Authority} {Model}";
}
