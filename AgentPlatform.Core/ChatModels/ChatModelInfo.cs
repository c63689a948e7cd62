namespace AgentPlatform.Core.ChatModels;

/// <summary>What may be shown of a model in a log line and in <c>/health</c>: no key, no path, no query.</summary>
/// <param name="Name">The configured name.</param>
/// <param name="Provider"><c>openai</c>, <c>ollama</c> or <c>builtin</c>.</param>
/// <param name="Model">The model's own id at its endpoint.</param>
/// <param name="Host">Host and port of the endpoint; null for the built-in model.</param>
/// <param name="ChosenBy">The setting that decided the provider.</param>
public sealed record ChatModelInfo(string Name, string Provider, string Model, string? Host, string ChosenBy);
