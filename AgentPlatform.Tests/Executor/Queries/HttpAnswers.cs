using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentPlatform.Core.Wire;
using Xunit;

namespace AgentPlatform.Tests.Executor.Queries;

/// <summary>Reading what the executor answered.</summary>
internal static class HttpAnswers
{
    private static readonly JsonSerializerOptions Indented = new(WireJson.Options) { WriteIndented = true };

    public static async Task<T> ReadAsync<T>(this HttpClient client, string path)
    {
        var value = await client.GetFromJsonAsync<T>(path, WireJson.Options, TestContext.Current.CancellationToken);
        Assert.NotNull(value);
        return value;
    }

    /// <summary>The JSON text of an answer, indented so that a difference can be read.</summary>
    public static async Task<string> ReadTextAsync(this HttpClient client, string path)
    {
        var text = await client.GetStringAsync(path, TestContext.Current.CancellationToken);
        return JsonNode.Parse(text)!.ToJsonString(Indented);
    }

    /// <summary>Every item of a list, page by page.</summary>
    public static async Task<List<T>> ReadAllAsync<T>(this HttpClient client, string path, Func<int, Task>? betweenPages = null)
    {
        var items = new List<T>();
        var after = "";
        for (var page = 1; ; page++)
        {
            var read = await client.ReadAsync<Page<T>>(path + after);
            items.AddRange(read.Items);
            if (read.Next is null)
            {
                return items;
            }

            after = $"&after={read.Next}";
            if (betweenPages is not null)
            {
                await betweenPages(page);
            }
        }
    }

    /// <summary>The answer is this problem, in the one shape that all problems have.</summary>
    public static async Task<JsonObject> ProblemAsync(this HttpResponseMessage response, HttpStatusCode status, string code, string? field = null)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode} {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(text)!.AsObject();
        Assert.Equal((int)status, (int)problem["status"]!);
        Assert.Equal(code, (string)problem["code"]!);
        Assert.Equal(field, (string?)problem["field"]);
        Assert.NotEmpty((string)problem["title"]!);
        Assert.NotEmpty((string)problem["detail"]!);
        Assert.NotEmpty((string)problem["trace_id"]!);
        return problem;
    }
}
