namespace AgentPlatform.ServiceDefaults.Health;

/// <summary>
/// May this replica get traffic? Starting → ready → draining, never back. The host marks it draining as soon as a stop is asked for;
/// work that has to finish first belongs into <c>IHostedLifecycleService.StoppingAsync</c>, during which the server still answers.
/// </summary>
public sealed class ReadinessGate
{
    private const int Starting = 0;
    private const int Ready = 1;
    private const int Draining = 2;

    private int _state = Starting;

    public bool IsReady => Volatile.Read(ref _state) == Ready;

    public bool IsDraining => Volatile.Read(ref _state) == Draining;

    /// <summary><c>starting</c>, <c>ready</c> or <c>draining</c>.</summary>
    public string State => Volatile.Read(ref _state) switch { Starting => "starting", Ready => "ready", _ => "draining" };

    /// <summary>Opens the gate, unless the process is already draining.</summary>
    public void MarkReady() => Interlocked.CompareExchange(ref _state, Ready, Starting);

    public void MarkDraining() => Interlocked.Exchange(ref _state, Draining);
}
