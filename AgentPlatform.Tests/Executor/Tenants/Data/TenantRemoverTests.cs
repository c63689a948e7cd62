using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Budgets;
using AgentPlatform.Executor.Tenants.Data;
using AgentPlatform.Tests.Executor.Budgets;
using AgentPlatform.Tests.Executor.Queries;
using AgentPlatform.Tests.Postgres;
using Xunit;

namespace AgentPlatform.Tests.Executor.Tenants.Data;

public sealed class TenantRemoverTests(PostgresFixture postgres)
{
    private const string Left =
        """
        SELECT concat_ws(' ', (SELECT count(*) FROM runs WHERE tenant_id = 'acme'), (SELECT count(*) FROM sessions WHERE tenant_id = 'acme'),
            (SELECT count(*) FROM idempotency_keys WHERE tenant_id = 'acme'), (SELECT count(*) FROM run_events WHERE tenant_id = 'acme'), (SELECT count(*) FROM api_keys WHERE tenant_id = 'acme'))
        """;

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_hangs_up_after_the_first_batch_leaves_a_trace_a_key_until_the_end_and_a_removal_that_goes_on()
    {
        await using var host = await TenantDataHost.StartAsync(postgres);
        await host.StoreRunsAsync("acme", 450);
        await host.StoreRunsAsync("other", 1);
        await host.ExecuteAsync(
            """
            INSERT INTO api_keys (tenant_id, key_id, name, shown, hash, scopes, created_at) VALUES ('acme', gen_random_uuid(), 'n', 'ap_', '\x01', '{admin}', now());
            INSERT INTO idempotency_keys (tenant_id, route, key, body_hash, run_id, created_at) SELECT 'acme', 'r', n::text, '\x01', gen_random_uuid(), now() FROM generate_series(1, 450) n;
            INSERT INTO run_events (tenant_id, run_id, first_seq, epoch, append_id, events) VALUES ('acme', gen_random_uuid(), 7, 1, gen_random_uuid(), '[]');
            INSERT INTO audit_events (tenant_id, event_id, at, actor, action) VALUES ('acme', gen_random_uuid(), now(), 'ada', 'key_created')
            """);
        var (began, hungUp) = (new TaskCompletionSource(), new TaskCompletionSource());
        var forgotten = new ConcurrentQueue<string>();
        host.OnForget = session =>
        {
            forgotten.Enqueue(session);
            began.TrySetResult();
            return hungUp.Task;
        };
        using var client = host.ClientFor("acme");
        using var hangingUp = CancellationTokenSource.CreateLinkedTokenSource(Ending);
        var removing = client.DeleteAsync("/tenant", hangingUp.Token);

        await began.Task.WaitAsync(TimeSpan.FromSeconds(30), Ending);
        Assert.Equal("250 450 450 1 1", await host.AskAsync(Left));
        Assert.Equal("ada tenant_removal_begun", await host.AskAsync("SELECT actor || ' ' || action FROM audit_events WHERE tenant_id = 'acme' AND action <> 'key_created'"));
        await hangingUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => removing);
        hungUp.SetResult();

        await Until.TrueAsync(async () => await host.AuditAsync("acme") == "ada tenant_removal_begun, ada tenant_deleted", "the removal goes on to its end", Ending);
        Assert.Equal("0 0 0 0 0", await host.AskAsync(Left));
        Assert.Equal(450, forgotten.Distinct().Count());
        Assert.Equal("1", await host.AskAsync("SELECT count(*) FROM runs WHERE tenant_id = 'other'"));
    }

    [Theory]
    [InlineData(2, HttpStatusCode.OK)]
    [InlineData(int.MaxValue, HttpStatusCode.Conflict)]
    public async Task Runs_that_begin_meanwhile_go_too_and_a_tenant_that_does_not_cease_is_told(int begin, HttpStatusCode expected)
    {
        await using var host = await TenantDataHost.StartAsync(postgres);
        await host.StoreRunsAsync("acme", 1);
        var begun = 0;
        host.OnForget = _ => Interlocked.Increment(ref begun) <= begin ? host.StoreOpenRunAsync("acme") : Task.CompletedTask;
        using var client = host.ClientFor("acme");

        using var removed = await client.DeleteAsync("/tenant", Ending);

        if (expected == HttpStatusCode.Conflict)
        {
            var problem = await removed.ProblemAsync(expected, ProblemCodes.TenantBusy);
            Assert.Contains("revoke", (string)problem["detail"]!, StringComparison.Ordinal);
            Assert.Equal("ada tenant_removal_begun", await host.AuditAsync("acme"));
            return;
        }

        Assert.Equal(expected, removed.StatusCode);
        Assert.Equal(["a", "late"], (await removed.Content.ReadFromJsonAsync<TenantRemoval>(WireJson.Options, Ending))!.Agents);
        Assert.Equal("0 0 0 0 0", await host.AskAsync(Left));
    }

    [Fact]
    public async Task What_a_tenant_used_stays_counted_and_what_was_set_aside_is_settled()
    {
        await using var bench = await BudgetBench.StartAsync(postgres);
        var (tenant, session) = (BudgetBench.TenantOf(runs: 2, tokens: 1000), BudgetBench.SessionOf("s", runs: 9));
        foreach (var (settled, turn) in ((bool, int)[])[(true, 1), (false, 2)])
        {
            var run = BudgetBench.NewRun();
            await bench.ReserveAsync(run, 300, tenant, session);
            await bench.BeginAsync(run, "s", turn);
            await bench.EndAsync(run, 200, cost: 0.1m);
            if (settled)
            {
                await bench.SettleAsync(run);
            }
        }

        var rows = new TenantRows(bench.Application);
        while ((await rows.RemoveAsync(BudgetBench.Tenant, Ending)).Removed > 0)
        {
        }

        Assert.Equal((2, 400, 0.2m, 0, 0, 0), await bench.AccountAsync());
        Assert.Equal(0, await bench.CountAsync("SELECT (SELECT count(*) FROM runs) + (SELECT count(*) FROM budget_reservations) + (SELECT count(*) FROM budget_windows WHERE session_id <> '')"));
        Assert.IsType<ReserveResult.Refused>(await bench.ReserveAsync(BudgetBench.NewRun(), 1, tenant));

        await bench.ExecuteAsync("UPDATE budget_windows SET starts_at = now() - interval '2 days', ends_at = now() - interval '1 day'");
        Assert.Equal(1, (await rows.RemoveAsync(BudgetBench.Tenant, Ending)).Removed);
    }
}
