namespace AgentPlatform.Core.ChatModels;

/// <summary>The values of <see cref="ModelOptions.Provider"/>.</summary>
public static class ModelProviders
{
    public const string OpenAI = "openai";
    public const string Ollama = "ollama";
    public const string Builtin = "builtin";
}
