using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace AgentPlatform.Tests.Core.AnswerCache;

/// <summary>A way to Redis that can fall silent with every connection left open: what is asked arrives, and is answered only when it resumes.</summary>
internal sealed class SilentRedis : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly int _target;
    private readonly Task _accepting;
    private volatile TaskCompletionSource _flowing = new();
    private int _probes;

    public SilentRedis(int target)
    {
        _target = target;
        _flowing.SetResult();
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>How often the cache has asked whether the server is back.</summary>
    public int Probes => Volatile.Read(ref _probes);

    public Task<ConnectionMultiplexer> ConnectAsync() => ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions
    {
        EndPoints = { _listener.LocalEndpoint },
        AbortOnConnectFail = false,
        BacklogPolicy = BacklogPolicy.FailFast,
        ReconnectRetryPolicy = new LinearRetry(100),
        AsyncTimeout = 30_000,
    });

    public void Stall() => _flowing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Resume() => _flowing.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        Resume();
        _listener.Stop();
        await _accepting;
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_ending.Token)));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(TcpClient caller)
    {
        using var near = caller;
        using var far = new TcpClient { NoDelay = true };
        try
        {
            await far.ConnectAsync(IPAddress.Loopback, _target, _ending.Token);
            await Task.WhenAny(RequestsAsync(near.GetStream(), far.GetStream()), RepliesAsync(far.GetStream(), near.GetStream()));
        }
        catch (Exception end) when (end is OperationCanceledException or IOException or SocketException)
        {
            // One of the two is gone; the other follows.
        }
    }

    private async Task RequestsAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[16 * 1024];
        while (await from.ReadAsync(buffer, _ending.Token) is var count and > 0)
        {
            if (buffer.AsSpan(0, count).IndexOf("answer:probe"u8) >= 0)
            {
                Interlocked.Increment(ref _probes);
            }

            await to.WriteAsync(buffer.AsMemory(0, count), _ending.Token);
        }
    }

    private async Task RepliesAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[16 * 1024];
        while (await from.ReadAsync(buffer, _ending.Token) is var count and > 0)
        {
            await _flowing.Task;
            await to.WriteAsync(buffer.AsMemory(0, count), _ending.Token);
        }
    }
}
