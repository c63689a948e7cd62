using System.Diagnostics;
using HdrHistogram;

namespace AgentPlatform.Benchmarks.Load;

/// <summary>A closed loop: each worker does one piece of work after the other, for a fixed time.</summary>
internal static class LoadLoop
{
    private const long LongestMicroseconds = 60_000_000;

    /// <param name="work">Does one piece of work, given its worker's number; false or an exception counts as an error.</param>
    public static async Task<LoadResult> RunAsync(
        int workers, TimeSpan duration, Func<int, CancellationToken, Task<bool>> work, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var loops = await Task.WhenAll(Enumerable.Range(0, workers).Select(worker =>
            Task.Run(() => LoopAsync(worker, clock, duration, work, cancellationToken), cancellationToken)));
        clock.Stop();

        var latency = NewHistogram();
        foreach (var loop in loops)
        {
            latency.Add(loop.Latency);
        }

        return new LoadResult(latency, loops.Sum(loop => loop.Errors), loops.Select(loop => loop.FirstError).FirstOrDefault(error => error is not null), clock.Elapsed);
    }

    private static async Task<Loop> LoopAsync(
        int worker, Stopwatch clock, TimeSpan duration, Func<int, CancellationToken, Task<bool>> work, CancellationToken cancellationToken)
    {
        var loop = new Loop(NewHistogram());
        while (clock.Elapsed < duration)
        {
            var started = Stopwatch.GetTimestamp();
            try
            {
                if (!await work(worker, cancellationToken))
                {
                    loop.Fail("an answer that is not the expected one");
                    continue;
                }
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                loop.Fail(exception.Message);
                continue;
            }

            loop.Latency.RecordValue(Math.Min(LongestMicroseconds, (long)Stopwatch.GetElapsedTime(started).TotalMicroseconds));
        }

        return loop;
    }

    private static LongHistogram NewHistogram() => new(LongestMicroseconds, 3);

    private sealed class Loop(LongHistogram latency)
    {
        public LongHistogram Latency => latency;

        public long Errors { get; private set; }

        public string? FirstError { get; private set; }

        public void Fail(string error)
        {
            Errors++;
            FirstError ??= error;
        }
    }
}
