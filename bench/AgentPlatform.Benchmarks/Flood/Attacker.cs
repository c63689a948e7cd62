using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AgentPlatform.Benchmarks.Flood;

/// <summary>Holds so many connections, each sending what the attack says; one that ends is replaced by the next.</summary>
internal sealed class Attacker(Attack attack, IPEndPoint target, int connections)
{
    /// <summary>Slow connections that come about in a second: these attacks are many connections, not many new ones.</summary>
    private const int SlowRate = 500;

    private static readonly TimeSpan BeforeNext = TimeSpan.FromMilliseconds(100);

    private readonly long _begun = Stopwatch.GetTimestamp();
    private readonly ConcurrentDictionary<string, long> _answers = new(StringComparer.Ordinal);
    private long _turns;
    private long _opened;
    private int _open;
    private int _held;

    /// <summary>All that are wanted were open at a time, or so many as could be had.</summary>
    public bool HasBegun => Volatile.Read(ref _held) >= connections || _answers.Values.Sum() >= connections;

    public async Task<AttackResult> RunAsync(CancellationToken ended)
    {
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => GoOnAsync(ended), CancellationToken.None)));
        return new AttackResult(_opened, _held, new Dictionary<string, long>(_answers));
    }

    private async Task GoOnAsync(CancellationToken ended)
    {
        try
        {
            while (true)
            {
                ended.ThrowIfCancellationRequested();
                if (attack.IsSlow)
                {
                    await TurnAsync(ended);
                }

                var answer = await OneAsync(ended);
                _answers.AddOrUpdate(answer, 1, static (_, count) => count + 1);
                if (answer == "refused")
                {
                    await Task.Delay(BeforeNext, ended);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The attack is over.
        }
    }

    private async Task TurnAsync(CancellationToken ended)
    {
        var at = TimeSpan.FromSeconds(Interlocked.Increment(ref _turns) / (double)SlowRate);
        var wait = at - Stopwatch.GetElapsedTime(_begun);
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, ended);
        }
    }

    private async Task<string> OneAsync(CancellationToken ended)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(target, ended);
        }
        catch (SocketException)
        {
            return "refused";
        }

        Interlocked.Increment(ref _opened);
        var open = Interlocked.Increment(ref _open);
        InterlockedMax(open);
        using var answered = CancellationTokenSource.CreateLinkedTokenSource(ended);
        var sending = SendAsync(socket, answered.Token);
        try
        {
            return await AnswerAsync(socket, ended);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
            await answered.CancelAsync();
            await sending;
        }
    }

    private async Task SendAsync(Socket socket, CancellationToken cancellationToken)
    {
        try
        {
            await socket.SendAsync(attack.Opening, cancellationToken);
            while (attack.Piece.Length > 0)
            {
                if (attack.Every > TimeSpan.Zero)
                {
                    await Task.Delay(attack.Every * (0.5 + Random.Shared.NextDouble()), cancellationToken);
                }

                await socket.SendAsync(attack.Piece, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Answered, or closed.
        }
    }

    /// <summary>A slow one holds the connection as long as the server lets it, answered or not.</summary>
    /// <returns>The status of the answer.</returns>
    private async Task<string> AnswerAsync(Socket socket, CancellationToken ended)
    {
        var buffer = new byte[1024];
        var status = "closed";
        try
        {
            while (await socket.ReceiveAsync(buffer, ended) is var count and > 0)
            {
                if (status == "closed")
                {
                    status = count >= 12 ? Encoding.ASCII.GetString(buffer, 9, 3) : "?";
                    if (!attack.IsSlow)
                    {
                        return status;
                    }
                }
            }
        }
        catch (SocketException)
        {
            // Reset: what was said before counts.
        }

        return status;
    }

    private void InterlockedMax(int open)
    {
        for (var held = Volatile.Read(ref _held); open > held; held = Volatile.Read(ref _held))
        {
            Interlocked.CompareExchange(ref _held, open, held);
        }
    }
}
