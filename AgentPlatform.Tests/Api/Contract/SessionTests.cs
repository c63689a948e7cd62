using System.Net;
using System.Net.Http.Json;
using System.Text;
using Xunit;

namespace AgentPlatform.Tests.Api.Contract;

public sealed class SessionTests(ContractApi api) : IClassFixture<ContractApi>
{
    private static readonly Uri Sessions = new("/sessions", UriKind.Relative);
    private static readonly Uri State = new("/sessions/order-4711/state", UriKind.Relative);

    [Fact]
    public async Task A_session_is_created_with_its_labels()
    {
        using var response = await api.Client.PostAsJsonAsync(
            Sessions, new { session_id = "order-4711", user = "ada", metadata = new { team = "support" } }, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("/sessions/order-4711", response.Headers.Location?.OriginalString);
        Snapshot.Body("session", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(
            """{"session_id":"order-4711","user":"ada","metadata":{"team":"support"}}""",
            api.Executor.LastOf("POST /sessions").Body);
    }

    [Fact]
    public async Task A_session_may_be_created_without_a_body()
    {
        using var response = await api.Client.PostAsync(Sessions, null, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    [Theory]
    [InlineData("""{"session_id":"a b"}""", "session_id")]
    [InlineData("""{"id":"s"}""", "id")]
    [InlineData("""{"metadata":{"a":1}}""", "metadata")]
    [InlineData("""{"user":1}""", "user")]
    [InlineData("""[]""", "body")]
    public async Task A_bad_session_is_a_problem_that_names_the_field(string body, string field)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await api.Client.PostAsync(Sessions, content, TestContext.Current.CancellationToken);

        await Problems.ReadAsync(response, HttpStatusCode.BadRequest, "invalid_request", field);
    }

    [Fact]
    public async Task A_session_is_deleted()
    {
        using var response = await api.Client.DeleteAsync(new Uri("/sessions/order-4711", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    [Fact]
    public async Task The_document_comes_with_its_version_and_goes_with_a_condition()
    {
        using var read = await api.Client.GetAsync(State, TestContext.Current.CancellationToken);
        Assert.Equal("\"3\"", read.Headers.ETag?.Tag);

        using var request = new HttpRequestMessage(HttpMethod.Put, State) { Content = JsonContent.Create(new { cart = Array.Empty<string>() }) };
        request.Headers.IfMatch.Add(read.Headers.ETag!);
        using var stored = await api.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, stored.StatusCode);
        Assert.Equal("\"4\"", stored.Headers.ETag?.Tag);
        Assert.Equal("""{"cart":[]}""", await stored.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("\"3\"", api.Executor.LastOf("PUT /sessions/order-4711/state").Headers["If-Match"]);
        Assert.Equal("""{"cart":[]}""", api.Executor.LastOf("PUT /sessions/order-4711/state").Body);
    }

    [Fact]
    public async Task A_stale_write_is_412()
    {
        api.Executor.OnProblem("PUT /sessions/stale/state", 412, "state_stale", "The state is not at the version the request names.");
        using var response = await api.Client.PutAsJsonAsync(new Uri("/sessions/stale/state", UriKind.Relative), 1, TestContext.Current.CancellationToken);

        await Problems.ReadAsync(response, HttpStatusCode.PreconditionFailed, "state_stale", null);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("{'a':1}")]
    public async Task A_document_that_is_no_JSON_is_refused(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await api.Client.PutAsync(State, content, TestContext.Current.CancellationToken);

        await Problems.ReadAsync(response, HttpStatusCode.BadRequest, "invalid_request", "body");
    }

    [Fact]
    public async Task A_document_may_be_64_levels_deep_and_no_deeper()
    {
        Assert.Equal(HttpStatusCode.OK, await PutAsync(new string('[', 64) + new string(']', 64)));
        Assert.Equal(HttpStatusCode.BadRequest, await PutAsync(new string('[', 65) + new string(']', 65)));
    }

    [Fact]
    public async Task A_document_may_be_256_KiB_and_no_larger()
    {
        Assert.Equal(HttpStatusCode.OK, await PutAsync($"\"{new string('x', (256 * 1024) - 2)}\""));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PutAsync($"\"{new string('x', (256 * 1024) - 1)}\""));
    }

    private async Task<HttpStatusCode> PutAsync(string document)
    {
        using var content = new StringContent(document, Encoding.UTF8, "application/json");
        using var response = await api.Client.PutAsync(State, content, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
