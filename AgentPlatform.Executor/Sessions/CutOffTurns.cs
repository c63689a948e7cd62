using AgentPlatform.Executor.Runs;
using AgentPlatform.Executor.Runs.Outcomes;
using AgentPlatform.Executor.Storage;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Executor.Sessions;

/// <summary>
/// What the conversation says of turns that broke off in the middle of a <c>write</c>: the next turn must know that something may have happened,
/// and what a person found out about it since.
/// </summary>
internal sealed class CutOffTurns(ApplicationDataSource dataSource, ToolOutcomes outcomes)
{
    private const string SelectEvents =
        "SELECT run_id, events FROM run_events WHERE tenant_id = $1 AND run_id = ANY ($2) ORDER BY run_id, first_seq";

    /// <summary>The sentence for each of these runs.</summary>
    public async Task<IReadOnlyDictionary<Guid, string>> DescribeAsync(string tenantId, Guid[] runIds, CancellationToken cancellationToken)
    {
        var appends = await ReadAsync(tenantId, runIds, cancellationToken);
        var recorded = await outcomes.ReadAsync(tenantId, runIds, cancellationToken);
        return runIds.ToDictionary(
            runId => runId,
            runId => Describe(FoldedRun.Of(FoldedRun.Read(appends[runId])).State, [.. recorded.Where(outcome => outcome.RunId == runId)]));
    }

    internal static string Describe(RunState state, IReadOnlyList<ToolOutcome> recorded)
    {
        var calls = state.Calls.Where(call => OpenOutcome.Is(call, state)).ToList();
        return calls.Count == 0
            ? "This turn was cut off while a tool was at work; whether it took effect is not known."
            : string.Join(" ", calls.Select(call => Describe(call, recorded.FirstOrDefault(outcome => outcome.CallId == call.Call.CallId))));
    }

    private static string Describe(CallState call, ToolOutcome? recorded)
    {
        var known = recorded is null ? "whether it took effect is not known" : $"a person recorded: it {(recorded.Happened ? "happened" : "did not happen")}{Note(recorded)}";
        return $"This turn was cut off while '{call.Call.Tool}' was at work; {known}.";
    }

    private static string Note(ToolOutcome recorded) => string.IsNullOrWhiteSpace(recorded.Note) ? "" : $" ({recorded.Note.Trim()})";

    private async Task<ILookup<Guid, string>> ReadAsync(string tenantId, Guid[] runIds, CancellationToken cancellationToken)
    {
        await using var command = dataSource.For(tenantId).CreateCommand(SelectEvents);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = runIds });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var appends = new List<(Guid RunId, string Events)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            appends.Add((reader.GetGuid(0), reader.GetString(1)));
        }

        return appends.ToLookup(append => append.RunId, append => append.Events);
    }
}
