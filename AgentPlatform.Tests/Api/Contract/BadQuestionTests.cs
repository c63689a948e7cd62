using System.Net;
using System.Text;
using Xunit;

namespace AgentPlatform.Tests.Api.Contract;

public sealed class BadQuestionTests(ContractApi api) : IClassFixture<ContractApi>
{
    /// <summary>Body, field at fault, a part of the sentence that says why.</summary>
    public static TheoryData<string, string, string> BadBodies => new()
    {
        { "", "body", "empty" },
        { " \r\n\t ", "body", "empty" },
        { "hello", "body", "not valid JSON" },
        { """{"question":"x""", "body", "not valid JSON" },
        { """{"question":"x"} {}""", "body", "not valid JSON" },
        { """{"question":"x",}""", "body", "not valid JSON" },
        { """{'question':'x'}""", "body", "not valid JSON" },
        { """{"question":"x"} // please""", "body", "not valid JSON" },
        { """{"question":NaN}""", "body", "not valid JSON" },
        { """{"question":"x","timeout":NaN}""", "body", "not valid JSON" },
        { """{"question":"x","timeout":+5}""", "body", "not valid JSON" },
        { "null", "body", "not null" },
        { "[]", "body", "not an array" },
        { "\"question\"", "body", "not a text" },
        { "42", "body", "not a number" },
        { "{}", "question", "missing" },
        { """{"question":null}""", "question", "missing" },
        { """{"question":42}""", "question", "must be a text, not a number" },
        { """{"question":["x"]}""", "question", "not an array" },
        { """{"question":{"text":"x"}}""", "question", "not an object" },
        { """{"question":true}""", "question", "not true or false" },
        { """{"question":""}""", "question", "blank" },
        { """{"question":"  \t\n\u3000 "}""", "question", "blank" },
        { """{"question":"a\u0000b"}""", "question", "U+0000" },
        { """{"question":"half \ud83d of it"}""", "question", "surrogate" },
        { """{"question":"half \ude00 of it"}""", "question", "surrogate" },
        { """{"question":"x","question":"y"}""", "question", "more than once" },
        { """{"question":"x","agent":"default","agent":"default"}""", "agent", "more than once" },
        { """{"question":"x","colour":"red"}""", "colour", "not known" },
        { """{"question":"x","sessionId":"s"}""", "sessionId", "Did you mean 'session_id'?" },
        { """{"quesiton":"x"}""", "quesiton", "Did you mean 'question'?" },
        { """{"Question":"x"}""", "Question", "Did you mean 'question'?" },
        { """{"question":"x","session_id":""}""", "session_id", "1 to 128" },
        { """{"question":"x","session_id":"a b"}""", "session_id", "1 to 128" },
        { """{"question":"x","session_id":"a\n"}""", "session_id", "1 to 128" },
        { """{"question":"x","session_id":"é"}""", "session_id", "1 to 128" },
        { """{"question":"x","session_id":7}""", "session_id", "must be a text" },
        { """{"question":"x","timeout":"5"}""", "timeout", "must be a number, not a text" },
        { """{"question":"x","timeout":-1}""", "timeout", "0.1 to 600" },
        { """{"question":"x","timeout":0}""", "timeout", "0.1 to 600" },
        { """{"question":"x","timeout":0.05}""", "timeout", "0.1 to 600" },
        { """{"question":"x","timeout":600.5}""", "timeout", "0.1 to 600" },
        { """{"question":"x","timeout":1e999}""", "timeout", "0.1 to 600" },
        { """{"question":"x","agent":5}""", "agent", "must be a text" },
        { """{"question":"x","stream":"no"}""", "stream", "must be true or false" },
        { """{"question":"x","strict":1}""", "strict", "must be true or false" },
        { """{"question":"x","metadata":[]}""", "metadata", "object of texts" },
        { """{"question":"x","metadata":{"a":1}}""", "metadata", "'metadata.a' must be a text" },
        { """{"question":"x","metadata":{"a":null}}""", "metadata", "'metadata.a' must be a text, not null" },
        { """{"question":"x","metadata":{"a":{"b":"c"}}}""", "metadata", "'metadata.a' must be a text" },
        { """{"question":"x","metadata":{"a":"1","a":"2"}}""", "metadata", "more than once" },
        { """{"question":"x","metadata":{"":"1"}}""", "metadata", "key" },
        { """{"question":"x","metadata":{"a b":"1"}}""", "metadata", "key" },
        { """{"question":"x","metadata":{"a":"\u0007"}}""", "metadata", "control" },
        { """{"question":"x","user":""}""", "user", "empty" },
        { """{"question":"x","user":"a\u0000"}""", "user", "control" },
        { """{"question":"x","user":{}}""", "user", "must be a text" },
        { """{"question":"x","agent":"nobody"}""", "agent", "no agent" },
        { """{"question":"x","agent":"defualt"}""", "agent", "default" },
        { """{"question":"x","agent":""}""", "agent", "no agent" },
    };

    [Theory]
    [MemberData(nameof(BadBodies))]
    public async Task A_bad_body_is_a_problem_that_names_the_field_and_says_why(string body, string field, string why)
    {
        using var response = await PostAsync(Encoding.UTF8.GetBytes(body));

        var unknownAgent = field == "agent" && why is "no agent" or "default";
        var problem = await Problems.ReadAsync(
            response,
            unknownAgent ? HttpStatusCode.NotFound : HttpStatusCode.BadRequest,
            unknownAgent ? "agent_not_found" : "invalid_request",
            field);
        Assert.Contains(why, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF8_are_refused()
    {
        using var response = await PostAsync([.. """{"question":"caf"""u8, 0xE9, .. "\"}"u8]);

        await Problems.ReadAsync(response, HttpStatusCode.BadRequest, "invalid_request", "body");
    }

    [Fact]
    public async Task UTF16_is_refused()
    {
        using var response = await PostAsync(Encoding.Unicode.GetBytes("""{"question":"x"}"""));

        await Problems.ReadAsync(response, HttpStatusCode.BadRequest, "invalid_request", "body");
    }

    [Theory]
    [InlineData(32_769, "x", HttpStatusCode.BadRequest)]
    [InlineData(40_000, "x", HttpStatusCode.BadRequest)]
    [InlineData(32_768, "x", HttpStatusCode.OK)]
    [InlineData(32_768, "😀", HttpStatusCode.OK)]
    [InlineData(32_769, "😀", HttpStatusCode.BadRequest)]
    public async Task A_question_is_measured_in_code_points(int count, string character, HttpStatusCode expected)
    {
        var question = string.Concat(Enumerable.Repeat(character, count));
        using var response = await PostAsync(Encoding.UTF8.GetBytes($$"""{"question":"{{question}}"}"""));

        Assert.Equal(expected, response.StatusCode);
        if (expected == HttpStatusCode.BadRequest)
        {
            await Problems.ReadAsync(response, expected, "invalid_request", "question");
        }
    }

    [Fact]
    public async Task Labels_have_bounds()
    {
        var many = string.Join(",", Enumerable.Range(0, 17).Select(index => $"\"k{index}\":\"v\""));
        var longKey = $"\"{new string('k', 65)}\":\"v\"";
        var longValue = $"\"k\":\"{new string('v', 513)}\"";
        foreach (var labels in (string[])[many, longKey, longValue])
        {
            using var response = await PostAsync(Encoding.UTF8.GetBytes($$$"""{"question":"x","metadata":{{{{labels}}}}}"""));
            await Problems.ReadAsync(response, HttpStatusCode.BadRequest, "invalid_request", "metadata");
        }
    }

    [Fact]
    public async Task A_person_is_at_most_128_characters()
    {
        using var response = await PostAsync(Encoding.UTF8.GetBytes($$"""{"question":"x","user":"{{new string('u', 129)}}"}"""));

        await Problems.ReadAsync(response, HttpStatusCode.BadRequest, "invalid_request", "user");
    }

    [Theory]
    [InlineData("[")]
    [InlineData("{\"question\":")]
    public async Task Deep_nesting_is_refused(string opening)
    {
        using var response = await PostAsync(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(opening, 5_000))));

        var problem = await Problems.ReadAsync(response, HttpStatusCode.BadRequest, "invalid_request", "body");
        Assert.Contains("deeper", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/xml")]
    [InlineData("nonsense")]
    [InlineData(null)]
    public async Task Another_content_type_is_refused(string? contentType)
    {
        using var response = await PostAsync(Encoding.UTF8.GetBytes("""{"question":"x"}"""), contentType);

        await Problems.ReadAsync(response, HttpStatusCode.UnsupportedMediaType, "unsupported_media_type", "Content-Type");
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 2)]
    [InlineData(true, 2)]
    [InlineData(false, 7)]
    public async Task A_body_over_one_MiB_is_refused_and_the_refusal_arrives(bool chunked, int mebibytes)
    {
        using var content = Json(new byte[(mebibytes * 1024 * 1024) + 1]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/agent") { Content = content };
        request.Headers.TransferEncodingChunked = chunked;
        using var response = await api.Client.SendAsync(request, TestContext.Current.CancellationToken);

        await Problems.ReadAsync(response, HttpStatusCode.RequestEntityTooLarge, "body_too_large", "body");
    }

    private async Task<HttpResponseMessage> PostAsync(byte[] body, string? contentType = "application/json")
    {
        using var content = Json(body, contentType);
        return await api.Client.PostAsync(new Uri("/agent", UriKind.Relative), content, TestContext.Current.CancellationToken);
    }

    private static ByteArrayContent Json(byte[] body, string? contentType = "application/json")
    {
        var content = new ByteArrayContent(body);
        if (contentType is not null)
        {
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        return content;
    }
}
