using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace AgentPlatform.Tests.Executor.Journal;

/// <summary>A way to the database that can lose an answer: what was asked has been done, and the connection ends before anybody is told.</summary>
internal sealed class ForgetfulProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly int _target;
    private int _toLose;
    private int _lost;

    public ForgetfulProxy(string connectionString)
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

    /// <summary>Answers lost so far.</summary>
    public int Lost => Volatile.Read(ref _lost);

    public void LoseNextAnswer() => Interlocked.Exchange(ref _toLose, 1);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptSocketAsync(_ending.Token));
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(Socket caller)
    {
        using var target = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using (caller)
        {
            try
            {
                caller.NoDelay = target.NoDelay = true;
                await target.ConnectAsync(IPAddress.Loopback, _target, _ending.Token);
                await Task.WhenAny(PassAsync(caller, target, answers: false), PassAsync(target, caller, answers: true));
            }
            catch (Exception end) when (end is OperationCanceledException or SocketException)
            {
            }
        }
    }

    private async Task PassAsync(Socket from, Socket to, bool answers)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer, _ending.Token)) > 0)
            {
                if (answers && Interlocked.Exchange(ref _toLose, 0) == 1)
                {
                    Interlocked.Increment(ref _lost);
                    return;
                }

                await to.SendAsync(buffer.AsMemory(0, read), _ending.Token);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }
    }
}
