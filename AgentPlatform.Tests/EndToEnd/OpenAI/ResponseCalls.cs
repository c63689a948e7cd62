using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AgentPlatform.Tests.Api.Streaming;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.OpenAI;

/// <summary>The Responses API byte by byte, for what official clients do not show.</summary>
internal static class ResponseCalls
{
    private static readonly JsonSerializerOptions Sparse = new() { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    public static async Task<JsonElement> CreateResponseAsync(this HttpClient front, string input, string? previous = null, bool? store = null, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var response = await front.PostAsync("/v1/responses", Body(input, previous, store: store), TestContext.Current.CancellationToken);
        return await ReadAsync(response, expected);
    }

    public static async Task<JsonElement> GetResponseAsync(this HttpClient front, string id, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var response = await front.GetAsync($"/v1/responses/{id}", TestContext.Current.CancellationToken);
        return await ReadAsync(response, expected);
    }

    public static Task<Sse> StreamResponseAsync(this HttpClient front, string input, bool background = false) => Sse.OpenAsync(
        front, new HttpRequestMessage(HttpMethod.Post, "/v1/responses") { Content = Body(input, stream: true, background: background ? true : null) });

    /// <summary>The rest of a response's events as they came, from a front's point of view.</summary>
    public static async Task<List<string>> EventsAsync(this HttpClient front, string id, int? startingAfter = null)
    {
        var after = startingAfter is null ? "" : $"&starting_after={startingAfter}";
        await using var stream = await Sse.OpenAsync(front, new HttpRequestMessage(HttpMethod.Get, $"/v1/responses/{id}?stream=true{after}"));
        return [.. (await stream.AllAsync()).Select(next => next.Text)];
    }

    public static int Number(this Sse.Event next) => next.Data.GetProperty("sequence_number").GetInt32();

    public static string Text(this JsonElement response) =>
        string.Concat(response.GetProperty("output").EnumerateArray().Select(item => item.GetProperty("content")[0].GetProperty("text").GetString()));

    private static JsonContent Body(string input, string? previous = null, bool? stream = null, bool? background = null, bool? store = null) =>
        JsonContent.Create(new { model = "default", input, previous_response_id = previous, stream, background, store }, options: Sparse);

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == expected, $"{(int)response.StatusCode} {body}");
        return JsonElement.Parse(body);
    }
}
