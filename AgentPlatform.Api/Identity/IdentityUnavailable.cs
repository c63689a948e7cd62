namespace AgentPlatform.Api.Identity;

/// <summary>Mark on a request: a key came with it, and nobody could be asked whose it is.</summary>
internal sealed record IdentityUnavailable;
