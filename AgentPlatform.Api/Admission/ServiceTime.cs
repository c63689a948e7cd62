namespace AgentPlatform.Api.Admission;

/// <summary>How long a question takes once it is let in: a moving mean over about the last hundred.</summary>
internal sealed class ServiceTime
{
    private const double Weight = 0.02;

    private double _seconds;

    public TimeSpan Mean => TimeSpan.FromSeconds(Volatile.Read(ref _seconds));

    public void Took(TimeSpan time)
    {
        double before, after;
        do
        {
            before = Volatile.Read(ref _seconds);
            after = before == 0 ? time.TotalSeconds : before + (Weight * (time.TotalSeconds - before));
        }
        while (Interlocked.CompareExchange(ref _seconds, after, before) != before);
    }
}
