using System.Reflection;
using AgentPlatform.Executor.Storage;
using AgentPlatform.Tests.Executor.Queries;
using AgentPlatform.Tests.Postgres;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace AgentPlatform.Tests.Executor.Storage;

/// <summary>What one tenant can get at of another's through the application's connections: nothing, whoever logs in.</summary>
public sealed class TenantWallTests(PostgresFixture postgres)
{
    private const string TenantTables =
        """
        SELECT c.relname::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_table_with_a_tenant_in_it_has_a_policy_that_holds_for_its_owner_too()
    {
        var database = await postgres.CreateDatabaseAsync(Cancellation);

        Assert.True((await TenantLogins.ReadAsync(database, TenantTables)).Count > 10);
        Assert.Empty(await TenantLogins.ReadAsync(database, $"{TenantTables} AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"));
        Assert.Empty(await TenantLogins.ReadAsync(
            database,
            $"""
            {TenantTables} AND (SELECT array_agg(p.qual || coalesce(p.with_check, '')) FROM pg_policies p WHERE p.tablename = c.relname AND p.roles && ARRAY['agent_app', 'public']::name[])
                IS DISTINCT FROM ARRAY[repeat('(tenant_id = NULLIF(current_setting(''app.tenant''::text, true), ''''::text))', 2)]
            """));
        Assert.Empty(await TenantLogins.ReadAsync(
            database, "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND tableowner <> 'agent_owner'"));
        Assert.Empty(await TenantLogins.ReadAsync(
            database, "SELECT DISTINCT table_name::text FROM information_schema.table_privileges WHERE grantee = 'agent_app' AND table_name ~ '^(executors|cluster_|__EF)'"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Without_the_right_tenant_nothing_is_read_and_nothing_written(bool superuser)
    {
        var login = await LoginAsync(superuser);
        await FillAsync(login, "acme");
        // One connection: what is asked below is asked where acme was at work before.
        await using var application = new ApplicationDataSource(login, new StorageOptions { ApplicationPoolSize = 1 });
        await using var raw = Raw(application).CreateCommand("SELECT 1");
        var tables = await TenantLogins.ReadAsync(TenantLogins.AsSuperuser(login), $"{TenantTables} AND c.relname <> 'api_keys'");
        Assert.Equal(1, await CountAsync(application.For("acme"), "sessions"));
        Assert.Equal(1, await CountAsync(application.For("acme"), "runs"));

        foreach (var table in tables)
        {
            Assert.Equal(0, await CountAsync(application.For("other"), table));
            await using var all = Raw(application).CreateCommand($"SELECT count(*) FROM {table}");
            Assert.Equal(0L, await all.ExecuteScalarAsync(Cancellation));
        }

        foreach (var change in (string[])["UPDATE runs SET answer = 'x'", "DELETE FROM sessions", "DELETE FROM run_events"])
        {
            await using var another = application.For("other").CreateCommand(change);
            Assert.Equal(0, await another.ExecuteNonQueryAsync(Cancellation));
            await using var nobody = Raw(application).CreateCommand(change);
            Assert.Equal(0, await nobody.ExecuteNonQueryAsync(Cancellation));
        }

        const string insert = "INSERT INTO sessions (tenant_id, session_id, turns, state_version, created_at, updated_at) VALUES ('acme', 'mine', 0, 0, now(), now())";
        await using var foreign = application.For("other").CreateCommand(insert);
        await RefusedAsync(foreign.ExecuteNonQueryAsync(Cancellation));
        await using var unsaid = Raw(application).CreateCommand(insert);
        await RefusedAsync(unsaid.ExecuteNonQueryAsync(Cancellation));
        await using var empty = Raw(application).CreateCommand(insert.Replace("'acme'", "''", StringComparison.Ordinal));
        await RefusedAsync(empty.ExecuteNonQueryAsync(Cancellation));
        await using var own = application.For("acme").CreateCommand(insert);
        Assert.Equal(1, await own.ExecuteNonQueryAsync(Cancellation));
        Assert.Throws<ArgumentException>(() => application.For(""));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_application_may_only_what_it_needs(bool superuser)
    {
        await using var application = new ApplicationDataSource(await LoginAsync(superuser), new StorageOptions());
        foreach (var refused in (string[])
        [
            "UPDATE run_events SET events = '[]'", "SELECT * FROM executors", "SELECT * FROM cluster_silos", "SELECT hash FROM api_keys", "UPDATE api_keys SET tenant_id = 't'",
            "UPDATE audit_events SET actor = 'x'", "DELETE FROM audit_events", "TRUNCATE runs", "CREATE TABLE x (y int)", "DROP TABLE runs", "ALTER TABLE runs DISABLE ROW LEVEL SECURITY",
            "SELECT analyze_document_chunks()", "SELECT expire_audit_events(now(), 1)",
        ])
        {
            await using var command = application.For("t").CreateCommand(refused);
            await RefusedAsync(command.ExecuteNonQueryAsync(Cancellation));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_role_outlives_every_reset_of_the_pool(bool superuser)
    {
        await using var application = new ApplicationDataSource(await LoginAsync(superuser), new StorageOptions { ApplicationPoolSize = 1 });
        foreach (var reset in (string[])["SELECT 1", "DISCARD ALL", "RESET ROLE", "SET SESSION AUTHORIZATION DEFAULT", "RESET ALL"])
        {
            await using var command = Raw(application).CreateCommand(reset);
            await command.ExecuteNonQueryAsync(Cancellation);
            await using var who = Raw(application).CreateCommand("SELECT current_user::text");
            Assert.Equal("agent_app", await who.ExecuteScalarAsync(Cancellation));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_hundred_tenants_at_once_on_few_connections_each_see_their_own_rows(bool superuser)
    {
        var login = await LoginAsync(superuser);
        await using var application = new ApplicationDataSource(login, new StorageOptions { ApplicationPoolSize = 5 });
        var services = new ServiceCollection();
        services.AddDbContextPool<AgentDbContext>(options =>
        {
            application.Serve(options);
            options.UseSnakeCaseNamingConvention();
        });
        await using var provider = services.BuildServiceProvider();
        var contexts = new TenantContexts(provider.GetRequiredService<IServiceScopeFactory>());

        await Parallel.ForAsync(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 200, CancellationToken = Cancellation }, async (number, cancellationToken) =>
        {
            var tenant = $"tenant{number}";
            for (var round = 1; round <= 3; round++)
            {
                await using (var batch = application.For(tenant).CreateBatch())
                {
                    batch.Add(new NpgsqlBatchCommand(
                        $"INSERT INTO sessions (tenant_id, session_id, turns, state_version, created_at, updated_at) VALUES ('{tenant}', 's{round}', 0, 0, now(), now())"));
                    await batch.ExecuteNonQueryAsync(cancellationToken);
                }

                await using (var transaction = await application.For(tenant).BeginAsync(cancellationToken))
                {
                    await using var own = transaction.CreateCommand("SELECT string_agg(DISTINCT tenant_id, ',') || count(*) FROM sessions");
                    Assert.Equal($"{tenant}{round}", await own.ExecuteScalarAsync(cancellationToken));
                }

                // No condition on the tenant: only the wall is left.
                var seen = await contexts.AskAsync(tenant, context => context.Sessions.AsNoTracking().Select(row => row.TenantId).ToListAsync(cancellationToken));
                Assert.Equal(Enumerable.Repeat(tenant, round), seen);
            }
        });

        await using var nobody = Raw(application).CreateCommand("SELECT count(*) FROM sessions");
        Assert.Equal(0L, await nobody.ExecuteScalarAsync(Cancellation));
        await using var scope = provider.CreateAsyncScope();
        Assert.Empty(await scope.ServiceProvider.GetRequiredService<AgentDbContext>().Sessions.ToListAsync(Cancellation));
        Assert.Equal(["600"], await TenantLogins.ReadAsync(TenantLogins.AsSuperuser(login), "SELECT count(*)::text FROM sessions"));
    }

    [Fact]
    public async Task A_key_is_found_by_its_hash_before_anybody_knows_whose_it_is()
    {
        var database = await postgres.CreateDatabaseAsync(Cancellation);
        await TenantLogins.ExecuteAsync(
            database, "INSERT INTO api_keys (tenant_id, key_id, name, shown, hash, scopes, created_at) VALUES ('acme', gen_random_uuid(), 'n', 'ap_', '\\x01', '{run}', now())");
        await using var application = new ApplicationDataSource(database, new StorageOptions());

        foreach (var (hash, holder) in ((string, string?)[])[(@"\x01", "acme"), (@"\x02", null)])
        {
            await using var verify = application.For("other").CreateCommand($"SELECT tenant_id FROM verify_api_key('{hash}')");
            Assert.Equal(holder, await verify.ExecuteScalarAsync(Cancellation));
        }
    }

    [Fact]
    public void Nobody_outside_the_storage_gets_at_a_connection_that_says_no_tenant()
    {
        const BindingFlags anything = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        Type[] raw = [typeof(NpgsqlDataSource), typeof(NpgsqlConnection), typeof(string)];
        foreach (var type in (Type[])[typeof(ApplicationDataSource), typeof(TenantDatabase), typeof(TenantBatch), typeof(TenantCommand), typeof(TenantTransaction), typeof(TenantContexts)])
        {
            Assert.All(type.GetFields(anything).Where(field => raw.Contains(field.FieldType)), field => Assert.True(field.IsPrivate || field.IsLiteral));
            Assert.DoesNotContain(type.GetProperties(anything), property => raw.Contains(property.PropertyType));
            Assert.DoesNotContain(type.GetMethods(anything), method => !method.IsPrivate && raw.Contains(method.ReturnType) && method.DeclaringType == type && method.Name != nameof(ToString));
        }

        // A class that makes connections of its own would stand beside the wall.
        var makers = typeof(ApplicationDataSource).Assembly.GetTypes()
            .Where(type => type.Namespace != typeof(ApplicationDataSource).Namespace && !type.Name.StartsWith('<'))
            .Where(type => type.GetConstructors(anything).SelectMany(made => made.GetParameters()).Any(parameter => parameter.ParameterType == typeof(NpgsqlDataSource) || parameter.ParameterType == typeof(AgentDbContext))
                || type.GetFields(anything).Any(field => field.FieldType == typeof(NpgsqlDataSource)));
        Assert.Empty(makers);
    }

    private static NpgsqlDataSource Raw(ApplicationDataSource application) =>
        (NpgsqlDataSource)typeof(ApplicationDataSource).GetField("_connections", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(application)!;

    private static async Task RefusedAsync(Task attempt) =>
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => attempt)).SqlState);

    private static async Task<long> CountAsync(TenantDatabase database, string table)
    {
        await using var command = database.CreateCommand($"SELECT count(*) FROM {table}");
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private static async Task FillAsync(string login, string tenant)
    {
        await using var connections = NpgsqlDataSource.Create(TenantLogins.AsSuperuser(login) + ";Pooling=false");
        await using var context = PostgresFixture.CreateContext(connections);
        var run = Rows.Run(tenant, Rows.Id(1));
        context.AddRange(Rows.Session(tenant, "s"), run);
        await context.SaveChangesAsync(Cancellation);
        await using var events = connections.CreateCommand($"INSERT INTO run_events SELECT tenant_id, run_id, 1, 1, run_id, '[]' FROM runs");
        await events.ExecuteNonQueryAsync(Cancellation);
    }

    private async Task<string> LoginAsync(bool superuser)
    {
        var login = superuser ? await postgres.CreateDatabaseAsync(Cancellation) : await TenantLogins.OwnDatabaseAsync(postgres, "CREATEROLE");
        await SchemaUpdate.RunAsync(login, Cancellation);
        return login;
    }
}
