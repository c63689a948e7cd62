namespace AgentPlatform.ServiceDefaults.Health;

/// <summary>The body of <c>/alive</c> (always <c>ok</c>) and <c>/ready</c> (<c>starting</c>, <c>ready</c>, <c>draining</c>).</summary>
public sealed record ProcessResponse(string Status);
