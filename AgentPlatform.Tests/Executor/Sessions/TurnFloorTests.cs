using AgentPlatform.Executor.Sessions;
using Xunit;

namespace AgentPlatform.Tests.Executor.Sessions;

public sealed class TurnFloorTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly TurnFloor _floor = new();

    [Fact]
    public async Task Turns_of_the_journal_go_first_in_their_order_then_the_others_as_they_came()
    {
        var order = new List<string>();
        var first = await _floor.TakeAsync(null, Never);
        Task[] waiting =
        [
            SpeakAsync("late", null),
            SpeakAsync("turn 7", 7),
            SpeakAsync("turn 5", 5),
            SpeakAsync("later", null),
            SpeakAsync("turn 6", 6),
        ];

        first.Dispose();
        await Task.WhenAll(waiting);

        Assert.Equal(["turn 5", "turn 6", "turn 7", "late", "later"], order);

        async Task SpeakAsync(string name, int? turn)
        {
            using var floor = await _floor.TakeAsync(turn, Never);
            order.Add(name);
        }
    }

    [Fact]
    public async Task Who_gave_up_waiting_is_passed_over()
    {
        using var leaving = new CancellationTokenSource();
        var first = await _floor.TakeAsync(null, Never);
        var gone = _floor.TakeAsync(1, leaving.Token);
        var next = _floor.TakeAsync(2, Never);

        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        Assert.False(next.IsCompleted);
        first.Dispose();

        (await next).Dispose();
        (await _floor.TakeAsync(null, Never)).Dispose();
    }
}
