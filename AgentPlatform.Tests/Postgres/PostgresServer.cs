using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace AgentPlatform.Tests.Postgres;

/// <summary>A real server in a temporary folder on a free port of loopback; it can be stopped, killed and started again on that port.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);
    private readonly PostgresBinaries _binaries = PostgresBinaries.Find();
    private readonly string _folder = Directory.CreateTempSubdirectory("agentplatform-pg-").FullName;
    private readonly EventHandler _exit;
    private Process? _process;

    public PostgresServer()
    {
        _exit = (_, _) => _process?.Kill(entireProcessTree: true);
        AppDomain.CurrentDomain.ProcessExit += _exit;
    }

    public int Port { get; } = FreePort();

    private string DataFolder => Path.Combine(_folder, "data");

    private string LogFile => Path.Combine(_folder, "server.log");

    public static async Task<PostgresServer> StartNewAsync(CancellationToken cancellationToken)
    {
        var server = new PostgresServer();
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(server._folder, (UnixFileMode)0b111_101_101);
        }

        await server._binaries.OwnAsync(server._folder);
        await server._binaries.RunToolAsync(
            "initdb", "-D", server.DataFolder, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync");
        await server.StartAsync(cancellationToken);
        return server;
    }

    public string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Username = "postgres",
        Database = database,
    }.ConnectionString;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // Crash safety against losing the machine is not what these tests are about; against losing the process it holds without fsync.
        _process = _binaries.Start(
            "postgres", LogFile, "-D", DataFolder, "-p", $"{Port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
            "-c", "max_connections=200", "-c", $"fsync={(Environment.GetEnvironmentVariable("AGENTPLATFORM_PG_FSYNC") ?? "off")}");
        var deadline = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
                await connection.OpenAsync(cancellationToken);
                return;
            }
            catch (NpgsqlException) when (deadline.Elapsed < StartTimeout && !_process.HasExited)
            {
                await Task.Delay(20, cancellationToken);
            }
            catch (NpgsqlException exception)
            {
                throw new InvalidOperationException($"Postgres did not start: {await File.ReadAllTextAsync(LogFile, cancellationToken)}", exception);
            }
        }
    }

    /// <summary>Ends the server as <c>kill -9</c> of all its processes.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
            _process = null;
            // Its backends were killed with it, so nobody holds the folder any more.
            File.Delete(Path.Combine(DataFolder, "postmaster.pid"));
        }
    }

    /// <summary>Ends the server orderly; open connections are cut.</summary>
    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            await _binaries.RunToolAsync("pg_ctl", "-D", DataFolder, "-m", "fast", "-w", "stop");
            await process.WaitForExitAsync();
            process.Dispose();
            _process = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= _exit;
        await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
