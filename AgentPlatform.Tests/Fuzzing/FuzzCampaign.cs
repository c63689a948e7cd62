using System.Collections.Concurrent;

namespace AgentPlatform.Tests.Fuzzing;

/// <summary>Sends a number of requests, some at a time, and keeps what may not be.</summary>
internal sealed class FuzzCampaign(FuzzRequests requests, FuzzClient client)
{
    private const int AtOnce = 12;

    public ConcurrentDictionary<string, int> Answers { get; } = new(StringComparer.Ordinal);

    /// <summary>Each with the request that led to it.</summary>
    public ConcurrentQueue<string> Faults { get; } = new();

    public TimeSpan Slowest { get; private set; }

    public Task RunAsync(int count, CancellationToken cancellationToken)
    {
        var slowest = new Lock();
        return Parallel.ForEachAsync(
            Enumerable.Range(0, count).Select(_ => requests.Next()),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (request, token) =>
            {
                var answer = await client.SendAsync(request, token);
                Answers.AddOrUpdate(answer.Kind, 1, static (_, before) => before + 1);
                if (answer.FaultFor(request) is { } fault)
                {
                    Faults.Enqueue($"{request.Door}: {fault} after {answer.Took.TotalSeconds:0.0} s: {answer.Body} for {request.Shown}");
                }

                lock (slowest)
                {
                    Slowest = answer.Took > Slowest ? answer.Took : Slowest;
                }
            });
    }
}
