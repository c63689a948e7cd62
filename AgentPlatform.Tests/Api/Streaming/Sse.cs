using System.Text.Json;
using Xunit;

namespace AgentPlatform.Tests.Api.Streaming;

/// <summary>Reads server-sent events line by line, as strictly as a test wants them.</summary>
internal sealed class Sse : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private Sse(HttpResponseMessage response, StreamReader reader) => (_response, _reader) = (response, reader);

    public HttpResponseMessage Response => _response;

    /// <summary>Comments that came between the events.</summary>
    public List<string> Comments { get; } = [];

    public static async Task<Sse> OpenAsync(HttpClient client, HttpRequestMessage request)
    {
        var stop = TestContext.Current.CancellationToken;
        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        Assert.True(
            response.Content.Headers.ContentType?.MediaType == "text/event-stream",
            $"{(int)response.StatusCode} {response.Content.Headers.ContentType}");
        return new Sse(response, new StreamReader(await response.Content.ReadAsStreamAsync(stop)));
    }

    /// <summary>The next event; null at the end.</summary>
    public async Task<Event?> NextAsync()
    {
        string? id = null, name = null, data = null;
        while (await _reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.StartsWith(':'))
            {
                Comments.Add(line);
            }
            else if (line.Length == 0)
            {
                if (name is not null)
                {
                    return new Event(id, name, data!);
                }
            }
            else
            {
                var colon = line.IndexOf(": ", StringComparison.Ordinal);
                var value = line[(colon + 2)..];
                switch (line[..colon])
                {
                    case "id" when id is null:
                        id = value;
                        break;
                    case "event" when name is null:
                        name = value;
                        break;
                    case "data" when data is null:
                        data = value;
                        break;
                    default:
                        throw new InvalidDataException(line);
                }
            }
        }

        Assert.Null(name);
        return null;
    }

    public async Task<List<Event>> AllAsync()
    {
        List<Event> all = [];
        while (await NextAsync() is { } next)
        {
            all.Add(next);
        }

        return all;
    }

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _response.Dispose();
        return ValueTask.CompletedTask;
    }

    internal sealed record Event(string? Id, string Name, string Text)
    {
        public JsonElement Data => JsonElement.Parse(Text);

        public override string ToString() => $"{Id} {Name}";
    }
}
