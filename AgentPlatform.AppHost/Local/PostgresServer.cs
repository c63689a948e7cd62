using AgentPlatform.ServiceDefaults;

namespace AgentPlatform.AppHost.Local;

/// <summary>PostgreSQL from the machine's own programs, on 127.0.0.1 only, with a password of its own.</summary>
internal sealed class PostgresServer : Resource
{
    private readonly LocalData _data;
    private readonly PostgresBinaries _binaries;
    private readonly PostgresCluster _cluster;
    private readonly UnixUser? _user = UnixUser.ForPostgres();
    private readonly string _password;
    private Postmaster? _previous;

    public PostgresServer(PostgresBinaries binaries, LocalData data, LaunchThread launcher)
    {
        _binaries = binaries;
        _data = data;
        _password = data.Password(ResourceNames.Postgres);
        _cluster = new PostgresCluster(binaries, PostgresHome.Locate(data, _user), _user, _password, launcher);
        Port = data.Port(ResourceNames.Postgres);
    }

    public override string Name => ResourceNames.Postgres;

    public override int Port { get; }

    public override string Address => $"127.0.0.1:{Port}";

    public override string LogFile => Path.Combine(_data.Logs, $"{Name}.console.log");

    /// <summary>Fast shutdown: sessions are ended, everything is flushed.</summary>
    public override UnixSignal StopSignal => UnixSignal.Interrupt;

    public override TimeSpan StopGrace => TimeSpan.FromSeconds(10);

    /// <summary>As Npgsql reads it.</summary>
    public string ConnectionString => ConnectionStringOf($"{Port}", _password);

    public static string ConnectionStringOf(string port, string password) =>
        $"Host=127.0.0.1;Port={port};Username={PostgresCluster.SuperUser};Password={password};Database={ResourceNames.Database}";

    public override async Task<LaunchCommand> PrepareAsync(CancellationToken cancellationToken)
    {
        await _cluster.EnsureAsync();
        await Postmaster.ClearAwayAsync(_cluster.Folder, cancellationToken);
        _previous = Postmaster.Read(_cluster.Folder);
        return new LaunchCommand(
            _binaries.Postgres, "-D", _cluster.Folder,
            "-c", "listen_addresses=127.0.0.1", "-c", $"port={Port}", "-c", "unix_socket_directories=",
            "-c", "max_connections=200", "-c", "timezone=UTC", "-c", "log_timezone=UTC")
        {
            User = _user,
            WorkingDirectory = Path.GetDirectoryName(_cluster.Folder),
            // Immediate shutdown: the postmaster ends its own children, which SIGKILL would leave it no time for.
            DeathSignal = UnixSignal.Quit,
        };
    }

    /// <summary>The wrapper that changed the account may still stand before the postmaster, so its own file tells its pid.</summary>
    public override int ProcessOf(int childId) => Current()?.ProcessId ?? childId;

    public override Task<bool> IsReadyAsync(CancellationToken cancellationToken) => Task.FromResult(Current() is { IsReady: true });

    /// <summary>The file of this start, not what a killed server left behind.</summary>
    private Postmaster? Current() =>
        Postmaster.Read(_cluster.Folder) is { } now && (now.ProcessId, now.Started) != (_previous?.ProcessId, _previous?.Started) ? now : null;
}
