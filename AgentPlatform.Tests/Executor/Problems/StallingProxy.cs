using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace AgentPlatform.Tests.Executor.Problems;

/// <summary>A way to the database that can be cut, or that falls silent with every connection left open.</summary>
internal sealed class StallingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly List<Socket> _sockets = [];
    private readonly int _target;
    private volatile TaskCompletionSource _flowing = Flowing();

    public StallingProxy(string connectionString)
    {
        var target = new NpgsqlConnectionStringBuilder(connectionString);
        _target = target.Port;
        _listener.Start();
        target.Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        ConnectionString = target.ConnectionString;
        _ = AcceptAsync();
    }

    /// <summary>The same database by this way.</summary>
    public string ConnectionString { get; }

    /// <summary>Nothing passes any more, and nobody is told.</summary>
    public void Stall() => _flowing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Resume() => _flowing.TrySetResult();

    /// <summary>Ends every connection and refuses new ones.</summary>
    public void Cut()
    {
        _listener.Stop();
        lock (_sockets)
        {
            _sockets.ForEach(socket => socket.Dispose());
            _sockets.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        Cut();
        Resume();
        _ending.Dispose();
    }

    private static TaskCompletionSource Flowing()
    {
        var flowing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        flowing.SetResult();
        return flowing;
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var caller = await _listener.AcceptSocketAsync(_ending.Token);
                var target = new Socket(SocketType.Stream, ProtocolType.Tcp);
                lock (_sockets)
                {
                    _sockets.AddRange([caller, target]);
                }

                await target.ConnectAsync(IPAddress.Loopback, _target, _ending.Token);
                _ = PassAsync(caller, target);
                _ = PassAsync(target, caller);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task PassAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer, _ending.Token)) > 0)
            {
                await _flowing.Task;
                await to.SendAsync(buffer.AsMemory(0, read), _ending.Token);
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }
}
