namespace AgentPlatform.Api.OpenAI.Chat;

/// <summary>What is the same in every piece of one answer.</summary>
/// <param name="Created">Seconds since 1970.</param>
internal sealed record CompletionIds(string Id, long Created);
