using System.Net;
using System.Net.Http.Json;
using AgentPlatform.Tests.ModelServer;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.OpenAI;

/// <summary>Responses go on from one another.</summary>
[Collection(SharedOpenAIStack.Name)]
public sealed class ConversationOfResponsesTests(OpenAIStack stack)
{
    private HttpClient Api => stack.Fronts[0];

    [Fact]
    public async Task A_response_goes_on_from_the_one_before_and_forks_from_one_in_the_middle()
    {
        var first = await SayAsync("Fork one.");
        var second = await SayAsync("Fork two.", first);
        var other = await SayAsync("Fork two otherwise.", first);
        await SayAsync("Fork three.", second);
        await SayAsync("Fork three otherwise.", other);

        Assert.Equal(["Fork one.", "Fork one.", "Fork two.", "Fork two.", "Fork three."], stack.ShownWith("Fork three."));
        Assert.Equal(["Fork one.", "Fork one.", "Fork two otherwise.", "Fork two otherwise.", "Fork three otherwise."], stack.ShownWith("Fork three otherwise."));
        var calls = stack.Model.Requests.Count(request => request.LastUserText.StartsWith("Fork", StringComparison.Ordinal));
        Assert.Equal(5, calls);
        Assert.Equal(first, (await Api.GetResponseAsync(other)).GetProperty("previous_response_id").GetString());

        // The original goes, the fork stays.
        using var removed = await Api.DeleteAsync($"/sessions/{first}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        await Api.GetResponseAsync(second, HttpStatusCode.NotFound);
        var next = await SayAsync("Fork four.", other);
        Assert.Equal(["Fork one.", "Fork one.", "Fork two otherwise.", "Fork two otherwise.", "Fork four."], stack.ShownWith("Fork four."));
        Assert.NotEqual(other, next);
    }

    [Fact]
    public async Task Two_at_once_that_go_on_from_one_response_do_not_see_each_other()
    {
        var first = await SayAsync("Race.");
        await Task.WhenAll(SayAsync("Race left.", first), SayAsync("Race right.", first));

        Assert.Equal(["Race.", "Race.", "Race left."], stack.ShownWith("Race left."));
        Assert.Equal(["Race.", "Race.", "Race right."], stack.ShownWith("Race right."));
    }

    [Fact]
    public async Task What_the_ladder_told_is_what_is_read_later_and_what_the_conversation_knows()
    {
        stack.When("Who is away?", _ => FakeReply.ContextOverflow());
        await using var stream = await Api.StreamResponseAsync("Who is away?");
        var events = await stream.AllAsync();
        var last = events[^1].Data.GetProperty("response");
        var id = last.GetProperty("id").GetString()!;

        Assert.Equal(("response.completed", "default"), (events[^1].Name, last.GetProperty("degraded").GetProperty("level").GetString()));
        Assert.Equal(last.GetRawText(), (await stack.Fronts[1].GetResponseAsync(id)).GetRawText());
        Assert.Equal(events.Select(next => next.Text), await stack.Fronts[1].EventsAsync(id));
        var plain = await Api.CreateResponseAsync("Who is away?");
        Assert.Equal(plain.GetRawText(), (await Api.GetResponseAsync(plain.GetProperty("id").GetString()!)).GetRawText());

        await SayAsync("And now?", id);
        Assert.Equal(["Who is away?", last.Text(), "And now?"], stack.ShownWith("And now?"));
    }

    [Fact]
    public async Task Instructions_and_sampling_hold_for_their_response_alone_and_messages_stay()
    {
        using var asked = await Api.PostAsJsonAsync(
            "/v1/responses",
            new
            {
                model = "default",
                instructions = "Be brief.",
                temperature = 0.3,
                max_output_tokens = 77,
                input = new object[] { new { role = "user", content = "Earlier." }, new { role = "assistant", content = "So I said." }, new { role = "user", content = "Brought along." } },
            },
            TestContext.Current.CancellationToken);
        var response = await asked.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal(["Be brief.", "Earlier.", "So I said.", "Brought along."], stack.ShownWith("Brought along."));
        var request = stack.Model.Requests.Last(request => request.LastUserText == "Brought along.").Body;
        Assert.Equal((0.3, "Be brief."), (Math.Round(request.GetProperty("temperature").GetDouble(), 3), response.GetProperty("instructions").GetString()));

        await SayAsync("And after that?", response.GetProperty("id").GetString());
        Assert.Equal(["Earlier.", "So I said.", "Brought along.", "Brought along.", "And after that?"], stack.ShownWith("And after that?"));
    }

    [Fact]
    public async Task What_is_not_to_be_stored_cannot_be_read_or_gone_on_from()
    {
        var response = await Api.CreateResponseAsync("Forget me.", store: false);
        var id = response.GetProperty("id").GetString()!;

        Assert.Equal(("Forget me.", false), (response.Text(), response.GetProperty("store").GetBoolean()));
        await Api.GetResponseAsync(id, HttpStatusCode.NotFound);
        var refused = (await Api.CreateResponseAsync("And then?", id, expected: HttpStatusCode.NotFound)).GetProperty("error");
        Assert.Equal(("previous_response_id", "invalid_request_error"), (refused.GetProperty("param").GetString(), refused.GetProperty("type").GetString()));
    }

    [Fact]
    public async Task The_same_key_is_the_same_response_in_one_piece_or_as_a_stream()
    {
        async Task<string> AskAsync(bool stream)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/responses")
            {
                Content = new StringContent($$"""{"model":"default","input":"Once only.","stream":{{(stream ? "true" : "false")}}}""", System.Text.Encoding.UTF8, "application/json"),
            };
            request.Headers.Add("Idempotency-Key", $"once-{stream}");
            using var response = await Api.SendAsync(request, TestContext.Current.CancellationToken);
            return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(await AskAsync(stream: false), await AskAsync(stream: false));
        Assert.Equal(await AskAsync(stream: true), await AskAsync(stream: true));
    }

    /// <summary>Says something, which the model says again.</summary>
    private async Task<string> SayAsync(string words, string? previous = null)
    {
        var response = await Api.CreateResponseAsync(words, previous);
        Assert.Equal(words, response.Text());
        return response.GetProperty("id").GetString()!;
    }
}
