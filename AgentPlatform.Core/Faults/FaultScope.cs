namespace AgentPlatform.Core.Faults;

/// <summary>
/// The faults of the question that is being worked on. They flow with the work, down to the HTTP handlers, so that nothing on the way has to pass
/// them on; without faults the cost is one look.
/// </summary>
public static class FaultScope
{
    private static readonly AsyncLocal<ActiveFaults?> Flowing = new();

    public static ActiveFaults? Current => Flowing.Value;

    /// <summary>For the rest of the asynchronous method that calls it, and all it calls. Only what <see cref="FaultInjection"/> admitted gets here.</summary>
    public static void Enter(ActiveFaults? faults)
    {
        if (faults is not null || Flowing.Value is not null)
        {
            Flowing.Value = faults;
        }
    }
}
