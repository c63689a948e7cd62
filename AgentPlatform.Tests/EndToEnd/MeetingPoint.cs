using Microsoft.AspNetCore.Http;

namespace AgentPlatform.Tests.EndToEnd;

/// <summary>A page that two visitors get only when they are there at the same time.</summary>
internal sealed class MeetingPoint
{
    private const int Wanted = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly TaskCompletionSource _met = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _arrived;

    public async Task ArriveAsync(HttpContext context)
    {
        if (Interlocked.Increment(ref _arrived) == Wanted)
        {
            _met.SetResult();
        }

        await _met.Task.WaitAsync(Patience, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await context.Response.WriteAsync(_met.Task.IsCompleted ? "met" : "alone", context.RequestAborted);
    }
}
