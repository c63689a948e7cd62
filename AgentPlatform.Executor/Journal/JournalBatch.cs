using System.Text.Json;
using AgentPlatform.Core.Wire;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Executor.Journal;

/// <summary>Turns appends into the statements of one implicit transaction; absent kinds send nothing.</summary>
internal static class JournalBatch
{
    private static readonly string Queued = JsonNamingPolicy.SnakeCaseLower.ConvertName(nameof(RunStatus.Queued));
    private static readonly string Running = JsonNamingPolicy.SnakeCaseLower.ConvertName(nameof(RunStatus.Running));

    public static NpgsqlBatch Create(NpgsqlConnection connection, IReadOnlyList<PendingAppend> appends)
    {
        var batch = new NpgsqlBatch(connection);
        var starts = Where(appends, append => append.Start is not null);
        var steps = Where(appends, append => append.Start is null && append.End is null);
        var ends = Where(appends, append => append.Start is null && append.End is not null);
        if (starts.Length > 0)
        {
            batch.BatchCommands.Add(Ended(Started(Events(JournalStatements.Start, starts), starts), starts));
        }

        if (steps.Length > 0)
        {
            batch.BatchCommands.Add(Events(JournalStatements.Step, steps));
        }

        if (ends.Length > 0)
        {
            batch.BatchCommands.Add(Ended(Events(JournalStatements.End, ends), ends));
        }

        return batch;
    }

    /// <summary>Asks what stands at the places of appends that were not stored.</summary>
    public static NpgsqlCommand CreateStanding(NpgsqlConnection connection, IReadOnlyList<PendingAppend> appends)
    {
        var rows = Where(appends, _ => true);
        var command = new NpgsqlCommand(JournalStatements.Standing, connection);
        command.Parameters.Add(Column(rows, NpgsqlDbType.Text, append => append.TenantId));
        command.Parameters.Add(Column(rows, NpgsqlDbType.Uuid, append => append.RunId));
        command.Parameters.Add(Column(rows, NpgsqlDbType.Bigint, append => append.FirstSeq));
        return command;
    }

    private static NpgsqlBatchCommand Events(string sql, JournalAppend[] rows)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.Add(Column(rows, NpgsqlDbType.Text, append => append.TenantId));
        command.Parameters.Add(Column(rows, NpgsqlDbType.Uuid, append => append.RunId));
        command.Parameters.Add(Column(rows, NpgsqlDbType.Bigint, append => append.FirstSeq));
        command.Parameters.Add(Column(rows, NpgsqlDbType.Bigint, append => append.Epoch));
        command.Parameters.Add(Column(rows, NpgsqlDbType.Uuid, append => append.AppendId));
        command.Parameters.Add(Column(rows, NpgsqlDbType.Jsonb, append => append.Events));
        return command;
    }

    private static NpgsqlBatchCommand Started(NpgsqlBatchCommand command, JournalAppend[] rows)
    {
        command.Parameters.Add(Column(rows, NpgsqlDbType.Text, append => append.Start!.SessionId));
        command.Parameters.Add(Column(rows, NpgsqlDbType.Integer, append => append.Start!.Turn));
        command.Parameters.Add(Column(rows, NpgsqlDbType.Text, append => append.Start!.Agent));
        command.Parameters.Add(Column(rows, NpgsqlDbType.Text, append => append.Start!.AgentVersion));
        command.Parameters.Add(Column(rows, NpgsqlDbType.Text, append => append.Start!.Question));
        command.Parameters.Add(Column(rows, NpgsqlDbType.Text, append => append.Start!.User));
        command.Parameters.Add(Column(rows, NpgsqlDbType.Jsonb, append => append.Start!.Metadata));
        command.Parameters.Add(Column(rows, NpgsqlDbType.Boolean, append => append.Start!.Background));
        command.Parameters.Add(Column(rows, NpgsqlDbType.Uuid, append => append.Start!.Owner));
        command.Parameters.Add(Column(rows, NpgsqlDbType.TimestampTz, append => append.Start!.CreatedAt.ToUniversalTime()));
        command.Parameters.Add(Column(rows, NpgsqlDbType.Jsonb, append => append.Start!.Brought));
        command.Parameters.Add(Column(rows, NpgsqlDbType.Bytea, append => append.Start!.RequestHash));
        return command;
    }

    private static NpgsqlBatchCommand Ended(NpgsqlBatchCommand command, JournalAppend[] rows)
    {
        command.Parameters.Add(Column(rows, NpgsqlDbType.Text, append => append.End?.Status ?? (append.Start is { Queued: true } ? Queued : Running)));
        command.Parameters.Add(Column(rows, NpgsqlDbType.Text, append => append.End?.Answer));
        command.Parameters.Add(Column(rows, NpgsqlDbType.Text, append => append.End?.Model));
        command.Parameters.Add(Column(rows, NpgsqlDbType.Integer, append => append.End?.Iterations ?? 0));
        command.Parameters.Add(Column(rows, NpgsqlDbType.Bigint, append => append.End?.InputTokens ?? 0));
        command.Parameters.Add(Column(rows, NpgsqlDbType.Bigint, append => append.End?.OutputTokens ?? 0));
        command.Parameters.Add(Column(rows, NpgsqlDbType.Numeric, append => append.End?.CostUsd));
        command.Parameters.Add(Column(rows, NpgsqlDbType.Uuid, append => append.End?.CachedFrom));
        command.Parameters.Add(Column(rows, NpgsqlDbType.TimestampTz, append => append.End?.FinishedAt.ToUniversalTime()));
        command.Parameters.Add(Column(rows, NpgsqlDbType.Jsonb, append => append.End?.HandedOver));
        return command;
    }

    private static NpgsqlParameter<T[]> Column<T>(JournalAppend[] rows, NpgsqlDbType type, Func<JournalAppend, T> value) =>
        new() { NpgsqlDbType = NpgsqlDbType.Array | type, TypedValue = Array.ConvertAll(rows, row => value(row)) };

    private static JournalAppend[] Where(IReadOnlyList<PendingAppend> appends, Func<JournalAppend, bool> wanted) =>
        [.. appends.Select(pending => pending.Append).Where(wanted)];
}
