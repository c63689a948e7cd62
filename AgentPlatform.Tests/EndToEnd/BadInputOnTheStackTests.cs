using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd;

/// <summary>A few questions that cannot be asked, through every layer; the whole table is tested at the API.</summary>
[Collection(SharedModelStack.Name)]
public sealed class BadInputOnTheStackTests(ModelStack shared)
{
    [Theory]
    [InlineData("""{"question":" "}""", "question")]
    [InlineData("""{"question":"a","question":"b"}""", "question")]
    [InlineData("""{"question":"a","mood":"good"}""", "mood")]
    [InlineData("""{"question":"a","timeout":-1}""", "timeout")]
    [InlineData("""{"question":"a","session_id":"no spaces"}""", "session_id")]
    [InlineData("""{"question":7}""", "question")]
    public async Task A_bad_field_is_named(string body, string field)
    {
        var reply = await PostAsync(body);

        Assert.Equal((HttpStatusCode.BadRequest, field), (reply.Status, reply["field"].GetString()));
        Assert.NotEmpty(reply["trace_id"].GetString()!);
    }

    [Fact]
    public async Task An_unknown_agent_is_not_found()
    {
        var reply = await PostAsync("""{"question":"a","agent":"defualt"}""");

        Assert.Equal((HttpStatusCode.NotFound, "agent"), (reply.Status, reply["field"].GetString()));
    }

    [Fact]
    public async Task Two_mebibytes_are_too_many()
    {
        var reply = await PostAsync($$"""{"question":"{{new string('x', 2 * 1024 * 1024)}}"}""");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, reply.Status);
    }

    private Task<StackReply> PostAsync(string body) => shared.Stack.SendAsync(
        HttpMethod.Post, "/agent", new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")));
}
