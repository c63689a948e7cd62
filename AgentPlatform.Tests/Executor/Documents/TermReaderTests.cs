using System.Text;
using AgentPlatform.Executor.Documents.Terms;
using AgentPlatform.Tests.Postgres;
using Npgsql;
using Xunit;

namespace AgentPlatform.Tests.Executor.Documents;

public sealed class TermReaderTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData("Fallback models!", "fallback model")]
    [InlineData("configure, configured, configuring; configuration(s)", "configur configur configur configur s")]
    [InlineData("caches cached caching", "cach cach cach")]
    [InlineData("stopping a running string in a station", "stop a run string in a station")]
    [InlineData("the policies pass; status is OK", "the policy pass status is ok")]
    [InlineData("Fallback:Deadline", "fallback deadlin fallback:deadline")]
    [InlineData("Fallback__Deadline", "fallback deadlin fallback:deadline")]
    [InlineData("max_cost_usd", "max cost usd max_cost_usd")]
    [InlineData("MaxQueued", "max queu maxqueued")]
    [InlineData("HTTPServer v2", "http server httpserver v2")]
    [InlineData("(docs/operations.md:120).", "doc oper md 120 docs/operations.md:120")]
    [InlineData("POST /runs/{id}/events", "post run id event")]
    [InlineData("agent's", "agent s")]
    [InlineData("ＰＯＳＴ ｱ ①", "post ア 1")]
    [InlineData("备用模型", "备用 用模 模型")]
    [InlineData("设置Redis缓存。", "设置 redis 缓存")]
    [InlineData("一", "一")]
    [InlineData("キャッシュを消す", "キャ ャッ ッシ シュ ュを を消 消す")]
    [InlineData("캐시 삭제", "캐시 삭제")]
    [InlineData("𠀀𠀁字", "𠀀𠀁 𠀁字")]
    [InlineData("Größe naïve", "größe naïve")]
    [InlineData("…—!? \t", "")]
    public void Text_falls_into_terms(string text, string terms) =>
        Assert.Equal(terms, string.Join(' ', TermReader.Read(text).Select(term => term.Text)));

    [Fact]
    public void A_name_stands_where_the_first_of_its_parts_stands() =>
        Assert.Equal(
            [("set", 0), ("fallback", 1), ("deadlin", 2), ("fallback:deadline", 1), ("now", 3)],
            TermReader.Read("set Fallback:Deadline now").Select(term => (term.Text, term.Position)));

    [Theory]
    [InlineData("How do I configure a fallback model?", "configur fallback model")]
    [InlineData("如何配置备用模型？", "配置 置备 备用 用模 模型")]
    [InlineData("Redis 挂了会怎么样？", "redis 挂 会")]
    [InlineData("What is it?", "what is it")]
    [InlineData("cache cache CACHES", "cach")]
    public void A_question_asks_for_its_telling_terms_once(string question, string terms) =>
        Assert.Equal(terms, string.Join(' ', QueryTerms.Of(question)));

    [Fact]
    public void A_long_question_has_no_more_terms_than_are_asked_for() =>
        Assert.Equal(QueryTerms.Most, QueryTerms.Of(string.Join(' ', Enumerable.Range(0, 500).Select(number => $"word{number}"))).Count);

    /// <summary>Whatever is written, Postgres takes its terms and finds the text by each of them.</summary>
    [Fact]
    public async Task Any_text_is_found_by_each_of_its_terms()
    {
        var random = new Random(20_261);
        var (vectors, queries) = (new List<string>(), new List<string>());
        for (var round = 0; round < 200; round++)
        {
            var text = AnyText(random);
            var vector = SearchText.Vector(AnyText(random), "a'b\\c.md", text);
            foreach (var term in TermReader.Read(text).Select(term => term.Text))
            {
                Assert.InRange(term.Length, 1, 64);
                Assert.Equal(term.Normalize(NormalizationForm.FormKC).ToLowerInvariant(), term);
                Assert.DoesNotContain(term, char.IsWhiteSpace);
                vectors.Add(vector);
                queries.Add(SearchText.AnyOf(["nothing", term]));
            }
        }

        await using var connections = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync(TestContext.Current.CancellationToken, migrated: false));
        await using var command = connections.CreateCommand(
            "SELECT count(*), count(*) FILTER (WHERE vector::tsvector @@ query::tsquery) FROM unnest($1::text[], $2::text[]) AS given (vector, query)");
        command.Parameters.Add(new NpgsqlParameter { Value = vectors.ToArray() });
        command.Parameters.Add(new NpgsqlParameter { Value = queries.ToArray() });
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        await reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal((vectors.Count, vectors.Count), (reader.GetInt64(0), reader.GetInt64(1)));
    }

    private static string AnyText(Random random)
    {
        string[] pieces = ["a", "Z", "'", "\\", ":", "_", ".", "-", "/", " ", "\n", "\0", "\u0301", "é", "İ", "ß", "中", "文", "の", "한", "𠀀", "\ud800", "\udc00", "ﬁ", "½", "9", "s", "ing", "😀", "&", "|", "!", "(", "<->", "*"];
        return string.Concat(Enumerable.Range(0, random.Next(60)).Select(_ => pieces[random.Next(pieces.Length)]));
    }
}
