namespace AgentPlatform.Api.Identity;

/// <summary>The scope an endpoint asks for; metadata of the endpoint.</summary>
internal sealed record RequiredScope(string Scope);
