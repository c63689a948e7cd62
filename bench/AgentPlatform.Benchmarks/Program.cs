using System.Runtime.InteropServices;
using AgentPlatform.Benchmarks.CacheHits;
using AgentPlatform.Benchmarks.Documents;
using AgentPlatform.Benchmarks.Faults;
using AgentPlatform.Benchmarks.Flood;
using AgentPlatform.Benchmarks.Fuzz;
using AgentPlatform.Benchmarks.Overload;
using AgentPlatform.Benchmarks.Stalls;
using AgentPlatform.Benchmarks.Throughput;

// The load scenarios, one command each:
//   throughput   uncached runs through the whole stack beside a hand-written loop (default)
//   cache-hit    answers from the cache beside an endpoint that does one Redis GET
//   soak         thousands of runs under random faults of every process
//   recovery     one fault of an executor at a time: how long its runs stand still
//   overload     ten times the sustainable load for 30 s: how refusals, accepted answers and memory fare, and how soon it is over
//   stalls       everything that can stop answering does, one after the other: how late answers come
//   documents    searches of ten thousand passages by the agents' own tool
//   flood        thousands of slow connections and idle streams, oversized bodies and headers: what one healthy client notices
//   fuzz         twenty thousand hostile requests to every route: no fault of the server, no growth, no broken line in a log
// and "generate" and "attack", the load of overload and of flood, which run in processes of their own.
using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

try
{
    switch (args.FirstOrDefault() ?? "throughput")
    {
        case "throughput":
            return await ThroughputCommand.RunAsync([.. args.Skip(1)], stop.Token);
        case "cache-hit":
            return await CacheHitCommand.RunAsync([.. args.Skip(1)], stop.Token);
        case RedisGetServer.Command:
            return await RedisGetServer.ServeAsync(stop.Token);
        case "soak":
            return await SoakCommand.RunAsync([.. args.Skip(1)], stop.Token);
        case "recovery":
            return await RecoveryCommand.RunAsync([.. args.Skip(1)], stop.Token);
        case "overload":
            return await OverloadCommand.RunAsync([.. args.Skip(1)], stop.Token);
        case "stalls":
            return await StallsCommand.RunAsync([.. args.Skip(1)], stop.Token);
        case "documents":
            return await DocumentsCommand.RunAsync([.. args.Skip(1)], stop.Token);
        case "flood":
            return await FloodCommand.RunAsync([.. args.Skip(1)], stop.Token);
        case AttackCommand.Name:
            return await AttackCommand.RunAsync([.. args.Skip(1)], stop.Token);
        case "fuzz":
            return await FuzzCommand.RunAsync([.. args.Skip(1)], stop.Token);
        case "generate":
            return await GeneratorCommand.RunAsync([.. args.Skip(1)], stop.Token);
        case var unknown:
            throw new ArgumentException($"There is no scenario '{unknown}'. Known: throughput, cache-hit, soak, recovery, overload, stalls, documents, flood, fuzz.");
    }
}
catch (ArgumentException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 2;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
