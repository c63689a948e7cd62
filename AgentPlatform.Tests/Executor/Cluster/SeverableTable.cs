using AgentPlatform.Executor.Cluster;

namespace AgentPlatform.Tests.Executor.Cluster;

/// <summary>The real table until it is severed; from then on the silo's last words do not reach it, as after a kill.</summary>
internal sealed class SeverableTable(PostgresMembershipTable table) : IMembershipTable
{
    private MembershipTableData? _last;

    public bool Severed { get; set; }

    public Task InitializeMembershipTable(bool tryInitTableVersion) =>
        table.InitializeMembershipTableAsync(tryInitTableVersion, CancellationToken.None);

    public Task<MembershipTableData> ReadRow(SiloAddress key) => ReadAll();

    public async Task<MembershipTableData> ReadAll() =>
        Severed && _last is { } last ? last : _last = await table.ReadAllAsync(CancellationToken.None);

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) =>
        Severed ? Task.FromResult(true) : table.InsertRowAsync(entry, tableVersion, CancellationToken.None);

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) =>
        Severed ? Task.FromResult(true) : table.UpdateRowAsync(entry, etag, tableVersion, CancellationToken.None);

    public Task UpdateIAmAlive(MembershipEntry entry) =>
        Severed ? Task.CompletedTask : table.UpdateIAmAliveAsync(entry, CancellationToken.None);

    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) =>
        Severed ? Task.CompletedTask : table.CleanupDefunctSiloEntriesAsync(beforeDate, CancellationToken.None);

    public Task DeleteMembershipTableEntries(string clusterId) => Task.CompletedTask;
}
