using System.Net.ServerSentEvents;
using System.Text.Json;
using AgentPlatform.Core.Wire;
using Xunit;

namespace AgentPlatform.Tests.Chaos;

/// <summary>
/// Follows one run's stream as a browser does: whatever breaks it, it comes back with the last id it saw. Now and then it leaves by itself.
/// </summary>
internal sealed class StreamWatcher(HttpClient http, string runId, int seed)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Random _random = new(seed);

    /// <summary>Every event seen, in the order in which it came. The last one has no id: it is about this watcher's stream.</summary>
    public List<Seen> Story { get; } = [];

    /// <summary>Returns when the stream has said its last word.</summary>
    public async Task WatchAsync(CancellationToken cancellationToken)
    {
        while (Story is not [.., { IsLast: true }])
        {
            try
            {
                await FollowAsync(Story, patience: TimeSpan.FromSeconds(_random.Next(2, 8)), cancellationToken);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    /// <summary>
    /// Each id came once and in order; and told again from its beginning the story is the same, but for the pieces of a reply that was lost
    /// with its executor before the journal had them.
    /// </summary>
    public async Task IsWhatAReplayTellsAsync(CancellationToken cancellationToken)
    {
        var replay = new List<Seen>();
        await FollowAsync(replay, TimeSpan.FromSeconds(20), cancellationToken);
        Assert.All([Story, replay], story => Assert.Equal(Ids(story).Distinct().Order(), Ids(story)));
        Assert.Equal(Durable(replay), Durable(Story));
    }

    private static List<string> Durable(List<Seen> story)
    {
        var lost = story.Where(seen => seen.Event is "run_resumed").Select(seen => seen.Id!.Value.Seq - 1).ToHashSet();
        return [.. story
            .Where(seen => seen.Event is not "reply_discarded" && !(seen.Event == "delta" && lost.Contains(seen.Id!.Value.Seq)))
            .Select(seen => $"{seen.Id} {seen.Event} {seen.Data}")];
    }

    private async Task FollowAsync(List<Seen> story, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        leave.CancelAfter(patience);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/runs/{runId}/events");
        if (Ids(story) is [.., var last])
        {
            request.Headers.Add("Last-Event-ID", last.ToString());
        }

        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leave.Token);
        response.EnsureSuccessStatusCode();
        await using var stream = await response.Content.ReadAsStreamAsync(leave.Token);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(leave.Token))
        {
            story.Add(new Seen(item.EventId is { } text && FrameId.TryParse(text, out var id) ? id : null, item.EventType, Compact(item.Data)));
        }
    }

    private static List<FrameId> Ids(List<Seen> story) => [.. story.Where(seen => seen.Id is not null).Select(seen => seen.Id!.Value)];

    private static string Compact(string data) => JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(data));

    internal sealed record Seen(FrameId? Id, string Event, string Data)
    {
        public bool IsLast => Event is "done" or "error";
    }
}
