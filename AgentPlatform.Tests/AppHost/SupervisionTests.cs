extern alias apphost;
using AgentPlatform.Tests.Stack;
using apphost::AgentPlatform.AppHost.Local;
using Npgsql;
using StackExchange.Redis;
using Xunit;

namespace AgentPlatform.Tests.AppHost;

/// <summary>The supervised stores, killed for real.</summary>
public sealed class SupervisionTests : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("supervision-").FullName;
    private readonly LaunchThread _launcher = new();
    private readonly List<Supervisor> _supervisors = [];
    private readonly LocalData _data;
    private readonly ResourceBoard _board;

    public SupervisionTests()
    {
        // Postgres runs as another account when the tests run as root.
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_folder, File.GetUnixFileMode(_folder) | UnixFileMode.OtherExecute);
        }

        _data = LocalData.Open(_folder, out _)!;
        _board = new ResourceBoard(_data.ProcessesFile);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_Postgres_comes_back_on_its_port_with_what_was_committed()
    {
        var postgres = new PostgresServer(PostgresBinaries.Find()!, _data, _launcher);
        await SuperviseAsync(postgres);
        await ExecuteAsync(postgres, "CREATE TABLE kept AS SELECT 42 AS answer");

        await KillAsync(postgres);

        await using var source = NpgsqlDataSource.Create(postgres.ConnectionString);
        await using var command = source.CreateCommand("SELECT answer FROM kept");
        Assert.Equal(42, await command.ExecuteScalarAsync(Cancellation));
    }

    [Fact]
    public async Task Postgres_has_our_database_in_UTF8_and_wants_its_password()
    {
        var postgres = new PostgresServer(PostgresBinaries.Find()!, _data, _launcher);
        await SuperviseAsync(postgres);
        await using var source = NpgsqlDataSource.Create(postgres.ConnectionString);
        await using var command = source.CreateCommand("SELECT current_database() || ' ' || current_setting('server_encoding')");

        Assert.Equal("agentdb UTF8", await command.ExecuteScalarAsync(Cancellation));

        await using var guest = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Password = "guess" }.ConnectionString);
        await Assert.ThrowsAsync<PostgresException>(() => guest.OpenConnectionAsync(Cancellation).AsTask());
    }

    [Fact]
    public async Task A_killed_Redis_comes_back_on_its_port_with_what_it_had_a_second_ago()
    {
        var redis = new RedisServer(_data, RunningStack.AppHost);
        await SuperviseAsync(redis);
        using (var connection = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString))
        {
            await connection.GetDatabase().StringSetAsync("kept", "42");
            // Returns when the log with the entry before it is on disk.
            await connection.GetDatabase().ExecuteAsync("COMMITAOF");
        }

        await KillAsync(redis);

        using var again = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        Assert.Equal("42", await again.GetDatabase().StringGetAsync("kept"));
    }

    [Fact]
    public async Task A_resource_that_never_comes_up_fails_the_start_with_its_last_words()
    {
        var broken = new PostgresServer(PostgresBinaries.Find()!, _data, _launcher);
        await SuperviseAsync(broken);
        await _supervisors[0].StopAsync(Cancellation);
        File.AppendAllText(Path.Combine(_folder, "postgres", "cluster", "postgresql.conf"), "nonsense = on\n");

        var failure = await Assert.ThrowsAsync<StartFailedException>(() => SuperviseAsync(broken));

        Assert.Contains("nonsense", failure.Message, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var supervisor in _supervisors)
        {
            await supervisor.StopAsync(CancellationToken.None);
            supervisor.Dispose();
        }

        _launcher.Dispose();
        _data.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task SuperviseAsync(Resource resource)
    {
        var supervisor = new Supervisor(resource, _launcher, _board, new StackConsole(), TimeProvider.System);
        _supervisors.Add(supervisor);
        await supervisor.StartAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
    }

    private async Task KillAsync(Resource resource)
    {
        var before = Row(resource);
        Signals.Send(before.Pid!.Value, Signals.Kill);
        await Eventually.TrueAsync(() => Row(resource) is { State: ResourceState.Ready } row && row.Pid != before.Pid, () => $"{Row(resource)}");
        Assert.Equal(before.Port, Row(resource).Port);
    }

    private ResourceStatus Row(Resource resource) => _board.Rows.Single(row => row.Name == resource.Name);

    private static async Task ExecuteAsync(PostgresServer postgres, string sql)
    {
        await using var source = NpgsqlDataSource.Create(postgres.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
