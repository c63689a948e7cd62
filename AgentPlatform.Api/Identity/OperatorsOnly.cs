namespace AgentPlatform.Api.Identity;

/// <summary>Metadata of an endpoint whose effect holds for all tenants.</summary>
internal sealed record OperatorsOnly;
