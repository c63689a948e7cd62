using System.Net;
using System.Text.Json;
using Xunit;

namespace AgentPlatform.Tests.Api.Contract;

/// <summary>Reads a problem and insists on the shape that all of them have.</summary>
internal static class Problems
{
    private static readonly string[] Members = ["type", "title", "status", "detail", "code", "trace_id", "field", "run_id", "budget"];

    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response, HttpStatusCode status, string code, string? field)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == status, $"Expected {status}, got {(int)response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonElement.Parse(text);
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal($"urn:agentplatform:problem:{code}", problem.GetProperty("type").GetString());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.Matches("^[0-9a-f]{32}$", problem.GetProperty("trace_id").GetString());
        Assert.True(problem.GetProperty("detail").GetString()!.Length > 10, text);
        Assert.Equal(field, problem.TryGetProperty("field", out var named) ? named.GetString() : null);
        Assert.All(problem.EnumerateObject(), member => Assert.Contains(member.Name, Members));
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        return problem;
    }
}
