using System.Net.Http.Headers;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Benchmarks.Throughput;

/// <summary>
/// The yardstick: what a hand-written agent does for the same run, inside one process. It calls the model, calls it again with the tool's
/// result, and after each of four steps (started, model replied, tool returned, finished) commits one row, on a connection of its own.
/// No HTTP in front, no cache, no session, no limits, no second process.
/// </summary>
internal sealed class RawLoop(NpgsqlDataSource database, string modelUrl, int connections) : IDisposable
{
    private const int Steps = 4;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private static readonly byte[] FirstCall = Encoding.UTF8.GetBytes(
        """{"model":"canned","messages":[{"role":"system","content":"You are a helpful assistant. Use the calculator for any arithmetic."},{"role":"user","content":"What is 17% of 2340, plus 3^4?"}],"tools":[{"type":"function","function":{"name":"calculator","parameters":{"type":"object","properties":{"expression":{"type":"string"}},"required":["expression"]}}}]}""");

    private static readonly byte[] SecondCall = Encoding.UTF8.GetBytes(
        """{"model":"canned","messages":[{"role":"system","content":"You are a helpful assistant. Use the calculator for any arithmetic."},{"role":"user","content":"What is 17% of 2340, plus 3^4?"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"name":"calculator","arguments":"{\"expression\":\"0.17*2340+81\"}"}}]},{"role":"tool","tool_call_id":"call_1","content":"478.8"}],"tools":[{"type":"function","function":{"name":"calculator","parameters":{"type":"object","properties":{"expression":{"type":"string"}},"required":["expression"]}}}]}""");

    // About what the platform writes per step.
    private const string Events =
        """[{"type":"model_replied","seq":2,"at":"2026-01-01T00:00:00.000000+00:00","model":"canned","text":"","tool_calls":[{"call_id":"call_1","tool":"calculator","arguments":"{\"expression\":\"0.17*2340+81\"}"}],"usage":{"input_tokens":100,"output_tokens":20},"duration_ms":1,"finish_reason":"tool_calls"}]""";

    private readonly HttpClient _http = RawHttp.NewClient(connections);
    private readonly Uri _completions = new($"{modelUrl}/chat/completions");

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await using var create = database.CreateCommand(
            "CREATE TABLE steps (run_id uuid, seq int, events jsonb NOT NULL, PRIMARY KEY (run_id, seq))");
        await create.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The whole run: two model calls, four commits.</summary>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var run = Guid.CreateVersion7();
        await CommitAsync(connection, run, 1, cancellationToken);
        await CallModelAsync(FirstCall, cancellationToken);
        await CommitAsync(connection, run, 2, cancellationToken);
        await CommitAsync(connection, run, 3, cancellationToken);
        await CallModelAsync(SecondCall, cancellationToken);
        await CommitAsync(connection, run, Steps, cancellationToken);
        return true;
    }

    /// <summary>The database's part of it alone.</summary>
    public async Task<bool> CommitOnlyAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var run = Guid.CreateVersion7();
        for (var step = 1; step <= Steps; step++)
        {
            await CommitAsync(connection, run, step, cancellationToken);
        }

        return true;
    }

    public void Dispose() => _http.Dispose();

    private static async Task CommitAsync(NpgsqlConnection connection, Guid run, int step, CancellationToken cancellationToken)
    {
        await using var insert = new NpgsqlCommand("INSERT INTO steps (run_id, seq, events) VALUES ($1, $2, $3)", connection);
        insert.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = run });
        insert.Parameters.Add(new NpgsqlParameter<int> { TypedValue = step });
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Events, NpgsqlDbType = NpgsqlDbType.Jsonb });
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task CallModelAsync(byte[] body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _completions) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = Json;
        using var response = await _http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync(cancellationToken);
    }
}
