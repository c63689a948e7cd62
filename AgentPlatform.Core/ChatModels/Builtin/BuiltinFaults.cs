using AgentPlatform.Core.Faults;

namespace AgentPlatform.Core.ChatModels.Builtin;

/// <summary>Draws what goes wrong with each call of a model that was configured to fail.</summary>
internal sealed class BuiltinFaults(BuiltinFaultOptions options)
{
    private readonly Random _random = new(options.Seed);
    private readonly Lock _one = new();

    public TimeSpan Latency => options.Latency;

    public Fault? Draw(bool offersTools)
    {
        var drawn = Next();
        (double Rate, FaultKind Kind)[] parts =
        [
            (options.FailRate, options.Status == 429 ? FaultKind.RateLimited : FaultKind.ServerError),
            (options.Stall, FaultKind.Stall),
            (options.TruncatedStream, FaultKind.TruncatedStream),
            (options.LargeOutput, FaultKind.LargeOutput),
            (offersTools ? options.MalformedArguments : 0, FaultKind.MalformedArguments),
        ];
        foreach (var (rate, kind) in parts)
        {
            if (drawn < rate)
            {
                return new Fault(FaultPoint.Model, kind);
            }

            drawn -= rate;
        }

        return null;
    }

    private double Next()
    {
        lock (_one)
        {
            return _random.NextDouble();
        }
    }
}
