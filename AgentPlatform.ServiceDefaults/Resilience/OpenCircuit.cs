namespace AgentPlatform.ServiceDefaults.Resilience;

/// <summary>One circuit that is not closed, as <c>/health</c> shows it.</summary>
/// <param name="Hop">Who asks whom: <c>model</c>, <c>tool</c> or <c>executor</c>.</param>
/// <param name="Endpoint">Host and port.</param>
/// <param name="State"><c>open</c>, or <c>half_open</c> while one call tries.</param>
/// <param name="Since">When it opened.</param>
public sealed record OpenCircuit(string Hop, string Endpoint, string State, DateTimeOffset Since);
