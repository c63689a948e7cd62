using AgentPlatform.Executor.Documents.Files;
using AgentPlatform.Executor.Documents.Terms;
using AgentPlatform.Executor.Storage;
using Npgsql;
using NpgsqlTypes;

namespace AgentPlatform.Executor.Documents.Search;

/// <summary>
/// Finds passages for a question. Any of its terms makes a passage a candidate; in one statement
/// 1. each term is looked up in the index, which tells how rare it is;
/// 2. the passages that hold the most of the question's rare terms stay, and those with all of its common ones;
/// 3. of these few the text is read, and the server says how much of the question they hold and how dense they are.
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

    /// <summary>Passages with one term that are looked at. Of a term that more have, it is those that have all such terms of the question.</summary>
    private const int Common = 500;

    internal const string Sql =
        """
        WITH total AS (
            SELECT coalesce(sum(chunks), 0)::float8 AS chunks FROM documents WHERE tenant_id = ANY($1) AND folder = ANY($2)
        ), asked AS (
            SELECT ord, term::tsquery AS query, unknown FROM unnest($3::text[], $6::float8[]) WITH ORDINALITY AS given (term, unknown, ord)
        ), hits AS MATERIALIZED (
            SELECT asked.ord, hit.id FROM asked CROSS JOIN LATERAL (
                SELECT chunk.ctid AS id FROM document_chunks chunk
                WHERE chunk.search @@ asked.query AND chunk.tenant_id = ANY($1) AND chunk.folder = ANY($2) LIMIT $7
            ) hit
        ), found AS (
            SELECT ord, count(*) AS passages FROM hits GROUP BY ord
        ), weights AS MATERIALIZED (
            SELECT ord, query, passages >= $7 AS common,
                   ln(1 + (greatest(chunks - coalesce(passages, 0), 0) + 0.5) / (coalesce(passages, 0) + 0.5)) * CASE WHEN passages IS NULL THEN unknown ELSE 1 END AS weight
            FROM asked CROSS JOIN total LEFT JOIN found USING (ord)
        ), best AS (
            (SELECT hits.id FROM hits JOIN weights USING (ord) GROUP BY hits.id ORDER BY sum(weight) DESC, hits.id LIMIT $5)
            UNION
            (SELECT id FROM (
                SELECT ctid AS id, search FROM document_chunks
                WHERE search @@ (SELECT string_agg(query::text, ' & ')::tsquery FROM weights WHERE common) AND tenant_id = ANY($1) AND folder = ANY($2) LIMIT $7 / 2
            ) having_all ORDER BY ts_rank_cd('{0.1, 0.2, 0.4, 1}', search, $4::tsquery) DESC, id LIMIT $5 / 2)
        )
        SELECT chunk.folder, chunk.path, chunk.line, chunk.heading, chunk.content,
               (SELECT sum(weight) FROM weights WHERE chunk.search @@ query) / (SELECT sum(weight) FROM weights),
               ts_rank_cd('{0.1, 0.2, 0.4, 1}', chunk.search, $4::tsquery, 32)::float8,
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
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Common });
        return command;
    }

    private static NpgsqlParameter<string[]> Texts(IEnumerable<string> values) => new() { TypedValue = [.. values] };
}
