using AgentPlatform.Core.Identity;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Keys;
using AgentPlatform.Executor.Storage;
using AgentPlatform.Tests.Postgres;
using Npgsql;
using Xunit;

namespace AgentPlatform.Tests.Executor.Keys;

public sealed class ApiKeysTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_key_in_use_hides_behind_others_and_there_are_never_more_than_a_list_shows()
    {
        var connectionString = await postgres.CreateDatabaseAsync(Cancellation);
        await using var database = new ApplicationDataSource(connectionString, new StorageOptions());
        var keys = new ApiKeys(database, TimeProvider.System);
        var oldest = await keys.CreateAsync("t", new NewApiKey("oldest", [Scopes.Run], null), Cancellation);
        await using var server = NpgsqlDataSource.Create(connectionString + ";Pooling=false");
        await FillAsync(1_100, revoked: true);

        var listed = await keys.ListAsync("t", Cancellation);
        Assert.Equal(oldest!.Details.Id, listed[0].Id);
        Assert.Equal(1_000, listed.Count);

        await FillAsync(ApiKeys.MostInUse - 1, revoked: false);
        Assert.Null(await keys.CreateAsync("t", new NewApiKey("one too many", [Scopes.Run], null), Cancellation));
        Assert.NotNull(await keys.CreateAsync("other", new NewApiKey("of another tenant", [Scopes.Run], null), Cancellation));
        await keys.RevokeAsync("t", oldest.Details.Id, Cancellation);
        Assert.NotNull(await keys.CreateAsync("t", new NewApiKey("in its place", [Scopes.Run], null), Cancellation));
        Assert.Equal(ApiKeys.MostInUse, (await keys.ListAsync("t", Cancellation)).Count(key => key.RevokedAt is null));

        async Task FillAsync(int count, bool revoked)
        {
            await using var fill = server.CreateCommand(
                """
                INSERT INTO api_keys (tenant_id, key_id, name, shown, hash, scopes, created_at, revoked_at)
                SELECT 't', gen_random_uuid(), 'many', 'ap_many', sha256(gen_random_uuid()::text::bytea), '{run}', now(), CASE WHEN $2 THEN now() END
                FROM generate_series(1, $1)
                """);
            fill.Parameters.Add(new() { Value = count });
            fill.Parameters.Add(new() { Value = revoked });
            await fill.ExecuteNonQueryAsync(Cancellation);
        }
    }
}
