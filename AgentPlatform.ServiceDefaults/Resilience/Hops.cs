namespace AgentPlatform.ServiceDefaults.Resilience;

/// <summary>The label <c>hop</c> of circuits and bulkheads: who is asked.</summary>
public static class Hops
{
    public const string Model = "model";
    public const string Tool = "tool";
    public const string Executor = "executor";
}
