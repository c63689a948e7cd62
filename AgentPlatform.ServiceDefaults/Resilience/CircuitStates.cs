namespace AgentPlatform.ServiceDefaults.Resilience;

/// <summary>The values of the metric <c>agent_circuit_state</c>.</summary>
internal static class CircuitStates
{
    public const long Closed = 0;
    public const long HalfOpen = 1;
    public const long Open = 2;
}
