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

    /// <summary>
    /// A function of the database, because a search by its index does not come through a row's policy: the server looks at the policy first, and then at every passage. The function
    /// holds itself to the tenant it is asked for and to the platform's own documents.
    /// </summary>
    internal const string Sql = "SELECT * FROM search_documents($1, $2, $3, $4, $5, $6, $7)";

    /// <summary>Passages, best first; none when nothing holds enough of the question.</summary>
    public async Task<IReadOnlyList<Passage>> FindAsync(
        string tenantId, string question, IReadOnlyList<DocumentFolder> folders, int limit, CancellationToken cancellationToken)
    {
        var terms = QueryTerms.Of(question);
        if (terms.Count == 0 || folders.Count == 0)
        {
            return [];
        }

        double[]? weights = null;
        var candidates = new List<Candidate>(Candidates);
        await using var command = database.For(tenantId).CreateCommand(Sql);
        Fill(command.Parameters, terms, folders);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            weights ??= reader.GetFieldValue<double[]>(7);
            candidates.Add(new Candidate(
                reader.GetString(0), reader.GetString(1), reader.GetInt32(2), reader.GetString(3), reader.GetString(4), reader.GetDouble(5), reader.GetDouble(6)));
        }

        return weights is null ? [] : Ranking.Best(question, candidates, terms.Zip(weights).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal), limit);
    }

    internal static void Fill(NpgsqlParameterCollection parameters, IReadOnlyList<string> terms, IReadOnlyList<DocumentFolder> folders)
    {
        parameters.Add(Texts(folders.Select(folder => folder.TenantId).Distinct(StringComparer.Ordinal)));
        parameters.Add(Texts(folders.Select(folder => folder.Name)));
        parameters.Add(Texts(terms.Select(SearchText.Query)));
        parameters.Add(new NpgsqlParameter<string> { TypedValue = SearchText.AnyOf(terms), NpgsqlDbType = NpgsqlDbType.Text });
        parameters.Add(new NpgsqlParameter<int> { TypedValue = Candidates });
        parameters.Add(new NpgsqlParameter<double[]> { TypedValue = [.. terms.Select(term => Scripts.IsPaired(term) ? UnknownPair : UnknownWord)] });
        parameters.Add(new NpgsqlParameter<int> { TypedValue = Common });
    }

    private static NpgsqlParameter<string[]> Texts(IEnumerable<string> values) => new() { TypedValue = [.. values] };
}
