using System.ClientModel;
using AgentPlatform.Tests.ModelServer;
using OpenAI.Responses;
using Xunit;

#pragma warning disable OPENAI001 // The Responses API of the official client is marked as experimental.

namespace AgentPlatform.Tests.EndToEnd.OpenAI;

/// <summary>The official .NET client.</summary>
[Collection(SharedOpenAIStack.Name)]
public sealed class ResponsesOfDotNetTests(OpenAIStack stack)
{
    private readonly ResponsesClient _client = new(new ApiKeyCredential("any"), new ResponsesClientOptions { Endpoint = stack.Endpoint });

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_asks_goes_on_reads_again_and_removes()
    {
        var first = (await _client.CreateResponseAsync("default", "A first word.", cancellationToken: Ending)).Value;
        var second = (await _client.CreateResponseAsync("default", "A second word.", first.Id, Ending)).Value;

        Assert.Equal((ResponseStatus.Completed, "A second word.", first.Id), (second.Status!.Value, second.GetOutputText(), second.PreviousResponseId));
        Assert.True(second.Usage.TotalTokenCount > 0);
        Assert.Equal(second.GetOutputText(), (await _client.GetResponseAsync(second.Id, Ending)).Value.GetOutputText());
        var items = new List<ResponseItem>();
        await foreach (var item in _client.GetResponseInputItemsAsync(first.Id, Ending))
        {
            items.Add(item);
        }

        Assert.Equal("A first word.", Assert.IsType<MessageResponseItem>(Assert.Single(items), exactMatch: false).Content[0].Text);
        Assert.True((await _client.DeleteResponseAsync(second.Id, Ending)).Value.Deleted);
        var gone = await Assert.ThrowsAsync<ClientResultException>(() => _client.GetResponseAsync(second.Id, Ending));
        Assert.Equal(404, gone.Status);
        var refused = await Assert.ThrowsAsync<ClientResultException>(() => _client.CreateResponseAsync("nobody", "Hello?", cancellationToken: Ending));
        Assert.Equal(404, refused.Status);
    }

    [Fact]
    public async Task It_streams_and_comes_back_for_the_rest()
    {
        var text = "";
        var id = "";
        var numbers = new List<int>();
        await foreach (var update in _client.CreateResponseStreamingAsync("default", "Piece by piece by piece.", cancellationToken: Ending))
        {
            numbers.Add(update.SequenceNumber);
            text += (update as StreamingResponseOutputTextDeltaUpdate)?.Delta;
            id = (update as StreamingResponseCompletedUpdate)?.Response.Id ?? id;
        }

        var rest = new List<int>();
        await foreach (var update in _client.GetResponseStreamingAsync(new GetResponseOptions(id) { StartingAfter = 3, StreamingEnabled = true }, Ending))
        {
            rest.Add(update.SequenceNumber);
        }

        Assert.Equal("Piece by piece by piece.", text);
        Assert.Equal(numbers.Skip(4), rest);
    }

    [Fact]
    public async Task It_starts_in_the_background_polls_and_stops()
    {
        stack.When("Take your time.", _ => FakeReply.Stalls(FakeStall.BeforeHeaders));
        var begun = await StartAsync("Take your time.");
        Assert.True(begun.BackgroundModeEnabled);
        Assert.True(begun.Status == ResponseStatus.Queued || begun.Status == ResponseStatus.InProgress, $"{begun.Status}");
        Assert.Equal(ResponseStatus.Cancelled, (await _client.CancelResponseAsync(begun.Id, Ending)).Value.Status);
        Assert.Equal(ResponseStatus.Cancelled, (await _client.CancelResponseAsync(begun.Id, Ending)).Value.Status);

        var quick = await StartAsync("Be quick.");
        await Stack.Eventually.TrueAsync(
            async () => (quick = (await _client.GetResponseAsync(quick.Id, Ending)).Value).Status == ResponseStatus.Completed, () => $"{quick.Status}");
        Assert.Equal("Be quick.", quick.GetOutputText());

        var plain = (await _client.CreateResponseAsync("default", "Not in the background.", cancellationToken: Ending)).Value;
        Assert.Equal(400, (await Assert.ThrowsAsync<ClientResultException>(() => _client.CancelResponseAsync(plain.Id, Ending))).Status);
    }

    private async Task<ResponseResult> StartAsync(string question) => (await _client.CreateResponseAsync(
        new CreateResponseOptions("default", [ResponseItem.CreateUserMessageItem(question)]) { BackgroundModeEnabled = true }, Ending)).Value;
}
