using System.Text;
using AgentPlatform.Tests.Api.Contract;
using AgentPlatform.Tests.Api.Identity;
using AgentPlatform.Tests.Fuzzing;
using Xunit;

namespace AgentPlatform.Tests.Api.Hosting;

/// <summary>Requests as their bytes: an HTTP client would refuse to send most of these.</summary>
public sealed class RequestRulesTests(ContractApi api) : IClassFixture<ContractApi>
{
    private static readonly string Long = new('x', 2_100);

    /// <summary>Request line, one more header, the status, the field at fault.</summary>
    public static TheoryData<string, string, int, string> Refused => new()
    {
        { "GET /runs?user=%ff", "X-Any: x", 400, "query" },
        { "GET /runs?user=%zz", "X-Any: x", 400, "query" },
        { "GET /runs?user=a%", "X-Any: x", 400, "query" },
        { "GET /runs?user=a%0d%0ab", "X-Any: x", 400, "user" },
        { "GET /runs?metadata.team=%c2%9b", "X-Any: x", 400, "metadata" },
        { "GET /runs?user=%ed%a0%80", "X-Any: x", 400, "query" },
        { "GET /sessions/a%1b", "X-Any: x", 400, "session_id" },
        { "GET /runs?%1b=x", "X-Any: x", 400, "query" },
        { "GET /nowhere/a%1b", "X-Any: x", 400, "path" },
        { "GET /sessions/%e9", "X-Any: x", 400, "path" },
        { "GET /sessions/" + Long, "X-Any: x", 414, "path" },
        { "GET /runs", "User-Agent: \u001b[31mred", 400, "User-Agent" },
        { "GET /runs", "X-Any: \u0085", 400, "X-Any" },
        { "GET /runs", "traceparent: \u0001", 400, "traceparent" },
        { "GET /runs", "Authorization: Bearer x", 400, "Authorization" },
        { "GET /runs", "x-api-key: a\r\nx-api-key: b", 400, "x-api-key" },
        { "GET /runs", "Last-Event-ID: 1.0\r\nLast-Event-ID: 2.0", 400, "Last-Event-ID" },
        { "POST /agent", "Content-Encoding: gzip", 415, "Content-Encoding" },
        { "POST /v1/responses", "Content-Encoding: br", 415, "Content-Encoding" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_request_that_no_route_could_take_is_a_problem_that_names_what_is_wrong(string line, string header, int status, string field)
    {
        var answer = await SendAsync($"{line} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {TestTokens.Of()}\r\n{header}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        Assert.True(answer.Status == status, $"{answer.Status}: {answer.Body}");
        Assert.Contains(status == 415 ? "unsupported_media_type" : "invalid_request", answer.Body, StringComparison.Ordinal);
        Assert.Contains($"\"{field}\"", answer.Body, StringComparison.Ordinal);
    }

    /// <summary>What breaks HTTP itself is the server's to refuse.</summary>
    public static TheoryData<string, int> Broken => new()
    {
        { "GET /runs?user=%00 HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", 400 },
        { "GET /a%00b HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 400 },
        { "GET /caf\u00e9 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 400 },
        { "GET /alive HTTP/1.1\r\n\r\n", 400 },
        { "GET /alive HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400 },
        { "GET /alive HTTP/1.1\r\nHost: a\r\nX-Any: a\0b\r\n\r\n", 400 },
        { $"GET /{new string('x', 9_000)} HTTP/1.1\r\nHost: a\r\n\r\n", 414 },
        { $"GET /alive HTTP/1.1\r\nHost: a\r\nX-Any: {new string('x', 40_000)}\r\n\r\n", 431 },
        { $"GET /alive HTTP/1.1\r\nHost: a\r\n{string.Concat(Enumerable.Range(0, 120).Select(number => $"X-{number}: x\r\n"))}\r\n", 431 },
        { "POST /agent HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{}", 400 },
        { "POST /agent HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n{}", 400 },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task What_is_no_HTTP_is_refused_by_the_server(string request, int status)
    {
        var answer = await SendAsync(request);

        Assert.True(answer.Status == status, $"{answer.Status}: {answer.Body}");
    }

    [Theory]
    [InlineData("Content-Length: 7000000", 7_000_000)]
    [InlineData("Transfer-Encoding: chunked", 2_500_000)]
    public async Task Who_sends_too_much_hears_so_even_after_having_sent_it_all(string framing, int bytes)
    {
        var body = framing.StartsWith('T') ? $"{bytes:x}\r\n{new string(' ', bytes)}\r\n0\r\n\r\n" : new string(' ', bytes);
        var answer = await SendAsync(Question(framing, body));

        Assert.True(answer.Status == 413, $"{answer.Status}: {answer.Body}");
        Assert.Contains("body_too_large", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chunk_whose_size_no_number_holds_is_the_callers_mistake()
    {
        var answer = await SendAsync(Question("Transfer-Encoding: chunked", "2147483648\r\n"));

        Assert.True(answer.Status == 400, $"{answer.Status}: {answer.Body}");
    }

    [Theory]
    [InlineData("""{"question":"a\u001b[31m"}""", "U+001B")]
    [InlineData("""{"question":"a\u009b"}""", "U+009B")]
    [InlineData("""{"question":"a\u007f"}""", "U+007F")]
    [InlineData("""{"question":"a\u0000"}""", "U+0000")]
    public async Task A_question_holds_no_control_characters_but_tabs_and_line_ends(string body, string named)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await api.Client.PostAsync(new Uri("/agent", UriKind.Relative), content, TestContext.Current.CancellationToken);

        var problem = await Problems.ReadAsync(response, System.Net.HttpStatusCode.BadRequest, "invalid_request", "question");
        Assert.Contains(named, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tabs_and_line_ends_in_a_question_stay()
    {
        using var content = new StringContent("""{"question":"if (a)\r\n\tb();"}""", Encoding.UTF8, "application/json");
        using var response = await api.Client.PostAsync(new Uri("/agent", UriKind.Relative), content, TestContext.Current.CancellationToken);

        Assert.Equal(System.Net.HttpStatusCode.OK, response.StatusCode);
    }

    private static string Question(string framing, string body) =>
        $"POST /agent HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {TestTokens.Of()}\r\nContent-Type: application/json\r\n{framing}\r\nConnection: close\r\n\r\n{body}";

    private Task<FuzzAnswer> SendAsync(string request) => new FuzzClient(api.Address, TimeProvider.System).SendAsync(
        new FuzzRequest("", Encoding.UTF8.GetBytes(request), IsWhole: false), TestContext.Current.CancellationToken);
}
