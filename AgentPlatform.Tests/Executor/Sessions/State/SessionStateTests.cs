using System.Net;
using System.Text;
using AgentPlatform.Core.Wire;
using AgentPlatform.Tests.Executor.Queries;
using Xunit;

namespace AgentPlatform.Tests.Executor.Sessions.State;

[Collection(QueryTests.Name)]
public sealed class SessionStateTests(QueryFixture fixture)
{
    private const int Bound = 256 * 1024;

    private readonly string _tenant = Rows.NewTenant();
    private readonly QueryHost _host = fixture.Host;

    private HttpClient Client => _host.ClientFor(_tenant);

    [Fact]
    public async Task A_put_makes_the_session_and_each_put_counts()
    {
        using var first = await PutAsync("""{"step": 1, "name": "Ada"}""");
        using var second = await PutAsync("""[1, "two", null]""");

        Assert.Equal("\"1\"", first.Headers.ETag?.Tag);
        Assert.Equal("\"2\"", second.Headers.ETag?.Tag);
        Assert.Equal(
            """
            {
              "state": [
                1,
                "two",
                null
              ],
              "version": 2
            }
            """,
            await Client.ReadTextAsync("/sessions/talk/state"));
        Assert.Equal(0, (await Client.ReadAsync<SessionView>("/sessions/talk")).Turns);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("3.10")]
    public async Task Any_JSON_value_is_a_document(string json)
    {
        using var put = await PutAsync(json);

        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        Assert.Equal(json, (await Client.ReadAsync<SessionState>("/sessions/talk/state")).State.GetRawText());
    }

    [Fact]
    public async Task A_session_without_state_has_an_empty_one_at_version_0()
    {
        await _host.StoreAsync(Rows.Session(_tenant, "talk"));

        var state = await Client.ReadAsync<SessionState>("/sessions/talk/state");

        Assert.Equal(("{}", 0), (state.State.GetRawText(), state.Version));
        using var put = await PutAsync("1", "If-Match", "\"0\"");
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
    }

    [Fact]
    public async Task The_state_of_an_unknown_session_is_a_problem()
    {
        using var response = await Client.GetAsync("/sessions/talk/state", TestContext.Current.CancellationToken);

        await response.ProblemAsync(HttpStatusCode.NotFound, ProblemCodes.SessionNotFound);
    }

    [Fact]
    public async Task Of_fifty_puts_that_name_one_version_exactly_one_wins()
    {
        using var made = await PutAsync("""{"winner": null}""");

        var responses = await Task.WhenAll(Enumerable.Range(0, 50).Select(n => PutAsync($$"""{"winner": {{n}}}""", "If-Match", "\"1\"")));

        var winner = Assert.Single(responses, response => response.StatusCode == HttpStatusCode.OK);
        Assert.Equal("\"2\"", winner.Headers.ETag?.Tag);
        foreach (var loser in responses.Where(response => response != winner))
        {
            await loser.ProblemAsync(HttpStatusCode.PreconditionFailed, ProblemCodes.StateStale);
        }

        var stored = await Client.GetStringAsync("/sessions/talk/state", TestContext.Current.CancellationToken);
        Assert.Equal(await winner.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), stored);
    }

    [Fact]
    public async Task Of_fifty_puts_that_want_to_be_first_exactly_one_is()
    {
        var responses = await Task.WhenAll(Enumerable.Range(0, 50).Select(n => PutAsync($"{n}", "If-None-Match", "*")));

        Assert.Single(responses, response => response.StatusCode == HttpStatusCode.OK);
        Assert.Equal(49, responses.Count(response => response.StatusCode == HttpStatusCode.PreconditionFailed));
    }

    [Theory]
    [InlineData("\"3\"")]
    [InlineData("W/\"1\"")]
    [InlineData("\"one\"")]
    public async Task Another_version_is_stale(string tag)
    {
        using var made = await PutAsync("1");
        using var response = await PutAsync("2", "If-Match", tag);

        await response.ProblemAsync(HttpStatusCode.PreconditionFailed, ProblemCodes.StateStale);
        Assert.Equal(1, (await Client.ReadAsync<SessionState>("/sessions/talk/state")).Version);
    }

    [Theory]
    [InlineData("\"1\"")]
    [InlineData("*")]
    public async Task A_condition_on_a_session_that_does_not_exist_makes_none(string tag)
    {
        using var response = await PutAsync("2", "If-Match", tag);

        await response.ProblemAsync(HttpStatusCode.PreconditionFailed, ProblemCodes.StateStale);
        using var read = await Client.GetAsync("/sessions/talk", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, read.StatusCode);
    }

    [Theory]
    [InlineData("If-Match", "1", "If-Match")]
    [InlineData("If-None-Match", "\"1\"", "If-None-Match")]
    public async Task A_condition_that_cannot_be_read_is_named(string header, string value, string field)
    {
        using var response = await PutAsync("2", header, value);

        await response.ProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.InvalidRequest, field);
    }

    [Fact]
    public async Task A_document_of_256_KiB_is_kept_and_a_byte_more_is_refused()
    {
        using var kept = await PutAsync($"\"{new string('x', Bound - 2)}\"");
        using var refused = await PutAsync($"\"{new string('x', Bound - 1)}\"");

        Assert.Equal(HttpStatusCode.OK, kept.StatusCode);
        await refused.ProblemAsync(HttpStatusCode.RequestEntityTooLarge, ProblemCodes.BodyTooLarge);
        Assert.Equal(Bound - 2, (await Client.ReadAsync<SessionState>("/sessions/talk/state")).State.GetString()!.Length);
    }

    [Fact]
    public async Task Sixty_four_levels_are_kept_and_one_more_is_refused()
    {
        using var kept = await PutAsync(new string('[', 62) + new string(']', 62));
        using var refused = await PutAsync(new string('[', 65) + new string(']', 65));

        Assert.Equal(HttpStatusCode.OK, kept.StatusCode);
        await refused.ProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.InvalidRequest, "body");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"a": 1, "a": 2}""")]
    [InlineData("[1e400000]")]
    [InlineData("[1e-99999999999]")]
    public async Task A_document_that_is_not_plain_JSON_is_refused(string json)
    {
        using var response = await PutAsync(json);

        await response.ProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.InvalidRequest, "body");
    }

    [Theory]
    [InlineData("\"a\\u0000b\"")]
    [InlineData("\"\\ud800\"")]
    public async Task A_text_that_Postgres_cannot_keep_is_refused(string json)
    {
        using var response = await PutAsync(json);

        await response.ProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.InvalidRequest);
    }

    [Fact]
    public async Task A_put_for_an_impossible_session_is_refused()
    {
        using var response = await PutAsync("1", sessionId: "a%20b");

        await response.ProblemAsync(HttpStatusCode.BadRequest, ProblemCodes.InvalidRequest, "session_id");
    }

    [Fact]
    public async Task A_put_of_something_else_than_JSON_is_refused()
    {
        using var content = new StringContent("1", Encoding.UTF8, "text/plain");
        using var response = await Client.PutAsync("/sessions/talk/state", content, TestContext.Current.CancellationToken);

        await response.ProblemAsync(HttpStatusCode.UnsupportedMediaType, ProblemCodes.UnsupportedMediaType);
    }

    [Fact]
    public async Task Tenants_with_a_session_of_the_same_name_have_their_own_state()
    {
        using var mine = await PutAsync("\"mine\"");
        var stranger = _host.ClientFor(Rows.NewTenant());
        using var content = new StringContent("\"theirs\"", Encoding.UTF8, "application/json");
        using var theirs = await stranger.PutAsync("/sessions/talk/state", content, TestContext.Current.CancellationToken);

        Assert.Equal("mine", (await Client.ReadAsync<SessionState>("/sessions/talk/state")).State.GetString());
        Assert.Equal("theirs", (await stranger.ReadAsync<SessionState>("/sessions/talk/state")).State.GetString());
    }

    private async Task<HttpResponseMessage> PutAsync(string json, string? header = null, string? value = null, string sessionId = "talk")
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/sessions/{sessionId}/state")
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }

        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
