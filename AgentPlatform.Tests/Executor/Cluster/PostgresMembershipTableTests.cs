using System.Net;
using AgentPlatform.Executor.Cluster;
using AgentPlatform.Executor.Storage;
using AgentPlatform.Tests.Postgres;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Xunit;

namespace AgentPlatform.Tests.Executor.Cluster;

/// <summary>What Orleans asks of a membership table.</summary>
public sealed class PostgresMembershipTableTests(PostgresFixture postgres)
{
    private static readonly DateTime Now = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_entry_is_read_back_as_it_was_written()
    {
        await using var database = await DatabaseAsync();
        var table = await TableAsync(database);
        var entry = Entry(1);
        entry.AddSuspector(Address(2), Now);

        Assert.True(await table.InsertRowAsync(entry, (await table.ReadAllAsync(Cancellation)).Version.Next(), Cancellation));

        var read = Assert.Single((await table.ReadAllAsync(Cancellation)).Members).Item1;
        Assert.Equal(entry.ToFullString(), read.ToFullString());
        Assert.Equal((entry.HostName, entry.SiloName, entry.ProxyPort, entry.StartTime), (read.HostName, read.SiloName, read.ProxyPort, read.StartTime));
        Assert.Equal(1, (await table.ReadAllAsync(Cancellation)).Version.Version);
        Assert.Empty((await table.ReadRowAsync(Address(2), Cancellation)).Members);
        Assert.Equal(1, (await table.ReadRowAsync(Address(2), Cancellation)).Version.Version);
    }

    [Fact]
    public async Task Of_two_changes_from_one_reading_the_second_is_refused_and_leaves_no_trace()
    {
        await using var database = await DatabaseAsync();
        var table = await TableAsync(database);
        var read = (await table.ReadAllAsync(Cancellation)).Version;

        Assert.True(await table.InsertRowAsync(Entry(1), read.Next(), Cancellation));
        Assert.False(await table.InsertRowAsync(Entry(2), read.Next(), Cancellation));
        Assert.False(await table.InsertRowAsync(Entry(1), (await table.ReadAllAsync(Cancellation)).Version.Next(), Cancellation));

        var after = await table.ReadAllAsync(Cancellation);
        Assert.Equal(1, after.Version.Version);
        Assert.False(await table.UpdateRowAsync(Entry(3), "1", after.Version.Next(), Cancellation));
        Assert.True(await table.UpdateRowAsync(Entry(1, SiloStatus.Dead), after.Members[0].Item2, after.Version.Next(), Cancellation));
        Assert.False(await table.UpdateRowAsync(Entry(1), after.Members[0].Item2, (await table.ReadAllAsync(Cancellation)).Version.Next(), Cancellation));
        Assert.Equal(SiloStatus.Dead, Assert.Single((await table.ReadAllAsync(Cancellation)).Members).Item1.Status);
        Assert.Equal(2, (await table.ReadAllAsync(Cancellation)).Version.Version);
    }

    [Fact]
    public async Task Many_silos_that_join_at_once_all_get_in_one_after_another()
    {
        await using var database = await DatabaseAsync();
        var table = await TableAsync(database);

        await Task.WhenAll(Enumerable.Range(1, 8).Select(async port =>
        {
            while (!await table.InsertRowAsync(Entry(port), (await table.ReadAllAsync(Cancellation)).Version.Next(), Cancellation))
            {
                Cancellation.ThrowIfCancellationRequested();
            }
        }));

        Assert.Equal(8, (await table.ReadAllAsync(Cancellation)).Members.Count);
        Assert.Equal(8, (await table.ReadAllAsync(Cancellation)).Version.Version);
    }

    [Fact]
    public async Task A_heartbeat_leaves_version_and_etag_alone_and_a_vote_does_not_turn_it_back()
    {
        await using var database = await DatabaseAsync();
        var table = await TableAsync(database);
        await table.InsertRowAsync(Entry(1), (await table.ReadAllAsync(Cancellation)).Version.Next(), Cancellation);
        var before = await table.ReadAllAsync(Cancellation);
        var alive = Entry(1);
        alive.IAmAliveTime = Now.AddMinutes(5);

        await table.UpdateIAmAliveAsync(alive, Cancellation);
        Assert.True(await table.UpdateRowAsync(before.Members[0].Item1, before.Members[0].Item2, before.Version.Next(), Cancellation));

        Assert.Equal(alive.IAmAliveTime, Assert.Single((await table.ReadAllAsync(Cancellation)).Members).Item1.IAmAliveTime);
    }

    [Fact]
    public async Task A_heartbeat_without_a_row_is_an_error()
    {
        await using var database = await DatabaseAsync();
        var table = await TableAsync(database);
        await Assert.ThrowsAsync<OrleansException>(() => table.UpdateIAmAliveAsync(Entry(1), Cancellation));
    }

    [Fact]
    public async Task Cleaning_drops_the_long_dead_only_and_another_cluster_is_not_touched()
    {
        await using var database = await DatabaseAsync();
        var table = await TableAsync(database);
        var other = await TableAsync(database, "other");
        await other.InsertRowAsync(Entry(9, SiloStatus.Dead), (await other.ReadAllAsync(Cancellation)).Version.Next(), Cancellation);
        await table.InsertRowAsync(Entry(1), (await table.ReadAllAsync(Cancellation)).Version.Next(), Cancellation);
        await table.InsertRowAsync(Entry(2, SiloStatus.Dead), (await table.ReadAllAsync(Cancellation)).Version.Next(), Cancellation);

        await table.CleanupDefunctSiloEntriesAsync(TimeProvider.System.GetUtcNow().AddHours(-1), Cancellation);
        Assert.Equal(2, (await table.ReadAllAsync(Cancellation)).Members.Count);
        await table.CleanupDefunctSiloEntriesAsync(TimeProvider.System.GetUtcNow().AddHours(1), Cancellation);
        Assert.Equal(Address(1), Assert.Single((await table.ReadAllAsync(Cancellation)).Members).Item1.SiloAddress);

        await table.DeleteMembershipTableEntriesAsync("agents", Cancellation);
        Assert.Empty((await table.ReadAllAsync(Cancellation)).Members);
        Assert.Single((await other.ReadAllAsync(Cancellation)).Members);
    }

    private async Task<WriterDataSource> DatabaseAsync() =>
        new(await postgres.CreateDatabaseAsync(Cancellation), new StorageOptions());

    private static async Task<IMembershipTable> TableAsync(WriterDataSource database, string cluster = "agents")
    {
        var table = new PostgresMembershipTable(database, Options.Create(new ClusterOptions { ClusterId = cluster }), new NoExit());
        await table.InitializeMembershipTableAsync(tryInitTableVersion: true, Cancellation);
        await table.InitializeMembershipTableAsync(tryInitTableVersion: true, Cancellation);
        return table;
    }

    private static SiloAddress Address(int port) => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, port), 1);

    private static MembershipEntry Entry(int port, SiloStatus status = SiloStatus.Active) => new()
    {
        SiloAddress = Address(port),
        Status = status,
        HostName = "host",
        SiloName = $"silo{port}",
        ProxyPort = 30_000,
        StartTime = Now,
        IAmAliveTime = Now,
        SuspectTimes = [],
    };

    private sealed class NoExit : IFatalErrorHandler
    {
        public bool IsUnexpected(Exception exception) => true;

        public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null)
        {
        }
    }
}
