using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace AgentPlatform.Tests.EndToEnd.Cost;

/// <summary>
/// Stands between a client and Redis and notes its commands on answers and quotas. Replies can be made to wait for a number of them, which tells a
/// client that sends all at once from one that waits for each reply: the second never gets further.
/// </summary>
internal sealed class RedisProbe : IAsyncDisposable
{
    private static readonly string[] OurKeys = ["answer:", "quota:"];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _commands = new();
    private readonly int _redisPort;
    private readonly Task _accepting;
    private volatile TaskCompletionSource _changed = New();
    private volatile int _repliesFrom;

    public RedisProbe(int redisPort)
    {
        _redisPort = redisPort;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Verb and key of each command that names an answer or a quota, in order; a client's upkeep of its connection is not among them.</summary>
    public IReadOnlyList<string> Commands => [.. _commands];

    /// <summary>Forgets what was seen; from here on replies are let through once this many commands have been seen.</summary>
    public void Expect(int commands)
    {
        _commands.Clear();
        _repliesFrom = commands;
        Pulse();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient { NoDelay = true };
        near.NoDelay = true;
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _redisPort, _stop.Token);
            var (mine, its) = (near.GetStream(), far.GetStream());
            await Task.WhenAny(RequestsAsync(mine, its), RepliesAsync(its, mine));
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException)
        {
            // One of the two is gone; the other follows.
        }
    }

    private async Task RequestsAsync(NetworkStream from, NetworkStream to)
    {
        var reader = new RespCommands();
        var buffer = new byte[16 * 1024];
        while (await from.ReadAsync(buffer, _stop.Token) is var count and > 0)
        {
            foreach (var command in reader.Read(buffer.AsSpan(0, count)))
            {
                if (command.Any(word => OurKeys.Any(prefix => word.StartsWith(prefix, StringComparison.Ordinal))))
                {
                    _commands.Enqueue(string.Join(' ', command));
                    Pulse();
                }
            }

            await to.WriteAsync(buffer.AsMemory(0, count), _stop.Token);
        }
    }

    private async Task RepliesAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[16 * 1024];
        while (await from.ReadAsync(buffer, _stop.Token) is var count and > 0)
        {
            for (var changed = _changed.Task; !_commands.IsEmpty && _commands.Count < _repliesFrom; changed = _changed.Task)
            {
                await changed.WaitAsync(_stop.Token);
            }

            await to.WriteAsync(buffer.AsMemory(0, count), _stop.Token);
        }
    }

    private void Pulse() => Interlocked.Exchange(ref _changed, New()).SetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
