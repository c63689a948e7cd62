using AgentPlatform.Executor.Documents.Files;
using AgentPlatform.Executor.Documents.Terms;
using AgentPlatform.Executor.Storage;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Executor.Documents.Search;

/// <summary>
/// Finds passages for a question. Any of its terms makes a passage a candidate; in one statement
/// 1. each term is looked up in the index, which tells how rare it is;
/// 2. the passages that hold the most of the question, rare terms counting more, stay;
/// 3. of these few the text is read, and the server says how dense they are.
/// The order is then <see cref="Ranking"/>'s.
/// </summary>
internal sealed class DocumentSearch(ApplicationDataSource database)
{
    /// <summary>Passages whose text is read.</summary>
    private const int Candidates = 60;

    /// <summary>What a word weighs that no document has, as a part of what it would weigh if one had it: it may only be said in another way.</summary>
    private const double UnknownWord = 0.5;

    /// <summary>Pairs of characters that no document has are mostly the end of one word and the beginning of the next.</summary>
    private const double UnknownPair = 0.25;

    internal const string Sql =
        """
        WITH total AS (
            SELECT coalesce(sum(chunks), 0)::float8 AS chunks FROM documents WHERE tenant_id = ANY($1) AND folder = ANY($2)
        ), asked AS (
            SELECT ord, term::tsquery AS query, unknown FROM unnest($3::text[], $6::float8[]) WITH ORDINALITY AS given (term, unknown, ord)
        ), hits AS MATERIALIZED (
            SELECT asked.ord, chunk.ctid AS id FROM asked JOIN document_chunks chunk ON chunk.search @@ asked.query
            WHERE chunk.tenant_id = ANY($1) AND chunk.folder = ANY($2)
        ), weights AS MATERIALIZED (
            SELECT ord, ln(1 + (greatest(total.chunks - count(hits.id), 0) + 0.5) / (count(hits.id) + 0.5))
                * CASE WHEN count(hits.id) = 0 THEN asked.unknown ELSE 1 END AS weight
            FROM asked CROSS JOIN total LEFT JOIN hits USING (ord) GROUP BY ord, asked.unknown, total.chunks
        ), best AS (
            SELECT hits.id, sum(weight) AS weight FROM hits JOIN weights USING (ord) GROUP BY hits.id ORDER BY 2 DESC, 1 LIMIT $5
        )
        SELECT chunk.folder, chunk.path, chunk.line, chunk.heading, chunk.content,
               best.weight / (SELECT sum(weight) FROM weights), ts_rank_cd('{0.1, 0.2, 0.4, 1}', chunk.search, $4::tsquery, 32)::float8,
               (SELECT array_agg(weight ORDER BY ord) FROM weights)
        FROM best JOIN document_chunks chunk ON chunk.ctid = best.id
        """;

    /// <summary>Passages, best first; none when nothing holds enough of the question.</summary>
    public async Task<IReadOnlyList<Passage>> FindAsync(string question, IReadOnlyList<DocumentFolder> folders, int limit, CancellationToken cancellationToken)
    {
        var terms = QueryTerms.Of(question);
        if (terms.Count == 0 || folders.Count == 0)
        {
            return [];
        }

        double[]? weights = null;
        var candidates = new List<Candidate>(Candidates);
        await using var command = Command(terms, folders);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            weights ??= reader.GetFieldValue<double[]>(7);
            candidates.Add(new Candidate(
                reader.GetString(0), reader.GetString(1), reader.GetInt32(2), reader.GetString(3), reader.GetString(4), reader.GetDouble(5), reader.GetDouble(6)));
        }

        return weights is null ? [] : Ranking.Best(question, candidates, terms.Zip(weights).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal), limit);
    }

    internal NpgsqlCommand Command(IReadOnlyList<string> terms, IReadOnlyList<DocumentFolder> folders)
    {
        var command = database.Connections.CreateCommand(Sql);
        command.Parameters.Add(Texts(folders.Select(folder => folder.TenantId).Distinct(StringComparer.Ordinal)));
        command.Parameters.Add(Texts(folders.Select(folder => folder.Name)));
        command.Parameters.Add(Texts(terms.Select(SearchText.Query)));
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = SearchText.AnyOf(terms), NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Candidates });
        command.Parameters.Add(new NpgsqlParameter<double[]> { TypedValue = [.. terms.Select(term => Scripts.IsPaired(term) ? UnknownPair : UnknownWord)] });
        return command;
    }

    private static NpgsqlParameter<string[]> Texts(IEnumerable<string> values) => new() { TypedValue = [.. values] };
}
