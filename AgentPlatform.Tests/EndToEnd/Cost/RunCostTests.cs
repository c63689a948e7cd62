using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Tests.ModelServer;
using AgentPlatform.Tests.Postgres;
using AgentPlatform.Tests.Redis;
using Npgsql;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.Cost;

/// <summary>
/// What an uncached run costs beside its model calls, counted and not timed: this is what throughput rests on, and what a small change can
/// spoil without anything looking wrong.
/// </summary>
public sealed class RunCostTests(PostgresFixture postgres, TestRedis redis) : IClassFixture<TestRedis>, IAsyncLifetime
{
    // The answer, its stale copy, and whether the agent's answers were removed meanwhile.
    private static readonly string[] StoreCommands = ["PSETEX", "PSETEX", "HMGET"];

    private FakeModelServer _model = null!;
    private RedisProbe _probe = null!;
    private Platform _platform = null!;
    private string _database = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _model = await FakeModelServer.StartAsync(Cancellation);
        _probe = new RedisProbe(redis.Port);
        _database = await postgres.CreateDatabaseAsync(Cancellation);
        _platform = new Platform(_database, _probe.Port, _model.BaseUrl);
        // Connections, the catalogue and prepared statements are there before anything is counted.
        await AskAsync(new { question = "What is 1 + 1?" });
        await AskAsync(new { question = "What is 1 + 2?" });
    }

    public async ValueTask DisposeAsync()
    {
        await _platform.DisposeAsync();
        await _probe.DisposeAsync();
        await _model.DisposeAsync();
    }

    [Fact]
    public async Task A_run_without_a_session_is_one_internal_exchange_and_three_appends_and_reads_nothing()
    {
        using var trace = new TraceRecorder();
        var modelCalls = _model.Count;

        var answer = await AskAsync(new { question = "What is 20 + 22?" }, trace);

        Assert.Equal((1, 2), (answer.GetProperty("iterations").GetInt32(), _model.Count - modelCalls));
        Assert.Equal(1, trace.RequestsTo(_platform.ExecutorPort));
        Assert.Equal(3, trace.Of("AgentPlatform").Count(span => span.OperationName == "journal append"));
        Assert.Equal(3, await RowsAsync(answer.GetProperty("run_id").GetGuid()));
        Assert.All(trace.Statements(), statement => Assert.Contains("INSERT INTO run_events", statement));
        Assert.Equal(3, trace.Statements().Count);
    }

    [Fact]
    public async Task The_same_ear_hears_what_a_session_reads()
    {
        using var trace = new TraceRecorder();

        await AskAsync(new { question = "What is 20 + 23?", session_id = "cost" }, trace);

        Assert.Contains(trace.Statements(), statement => statement.StartsWith("SELECT", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_run_asks_Redis_once_before_and_once_after()
    {
        IReadOnlyList<string> before = [];
        _model.Always(request =>
        {
            if (request.LastToolResult is null)
            {
                before = _probe.Commands;
                // What follows must arrive together: whoever waits for the first reply before sending the second never gets it.
                _probe.Expect(commands: StoreCommands.Length);
            }

            return FakeDefault.Decide(request);
        });
        _probe.Expect(commands: 1);

        var answer = await AskAsync(new { question = "What is 20 + 24?" });

        var lookup = Assert.Single(before).Split(' ');
        Assert.Equal("SET", lookup[0]);
        Assert.Contains("NX", lookup);
        Assert.Contains("GET", lookup);
        Assert.Equal("stored", answer.GetProperty("cache").GetProperty("decision").GetString());
        Assert.Equal(StoreCommands, _probe.Commands.Select(command => command.Split(' ')[0]));
    }

    [Fact]
    public async Task A_hit_asks_neither_an_executor_nor_the_database_and_after_the_first_not_even_Redis()
    {
        var made = await AskAsync(new { question = "What is 20 + 25?" });
        Assert.Equal("stored", made.GetProperty("cache").GetProperty("decision").GetString());
        using var trace = new TraceRecorder();
        _probe.Expect(commands: 0);

        var hit = await AskAsync(new { question = "What is 20 + 25?" }, trace);

        Assert.True(hit.GetProperty("cached").GetBoolean());
        Assert.Equal(0, trace.RequestsTo(_platform.ExecutorPort));
        Assert.Empty(trace.Statements());
        Assert.Empty(_probe.Commands);
    }

    private async Task<JsonElement> AskAsync(object body, TraceRecorder? trace = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/agent") { Content = JsonContent.Create(body) };
        if (trace is not null)
        {
            request.Headers.Add("traceparent", trace.Parent);
        }

        using var response = await _platform.Http.SendAsync(request, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        var answer = JsonElement.Parse(text);
        Assert.True(answer.GetProperty("degraded").ValueKind == JsonValueKind.Null, text);
        return answer;
    }

    private async Task<long> RowsAsync(Guid run)
    {
        await using var connections = NpgsqlDataSource.Create(_database + ";Pooling=false");
        await using var count = connections.CreateCommand("SELECT count(*) FROM run_events WHERE run_id = $1");
        count.Parameters.Add(new NpgsqlParameter { Value = run });
        return (long)(await count.ExecuteScalarAsync(Cancellation))!;
    }
}
