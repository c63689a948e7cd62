using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using AgentPlatform.Core.Identity;
using AgentPlatform.Core.Wire;
using AgentPlatform.Tests.EndToEnd.OpenAI;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd;

/// <summary>Quotas counted by two API processes in the stack's own Redis.</summary>
[Collection(SharedOpenAIStack.Name)]
public sealed class QuotaExactnessTests(OpenAIStack fixture)
{
    private const int Requests = 1000;

    [Fact]
    public async Task Of_a_thousand_requests_at_once_exactly_as_many_are_let_in_as_the_quota_allows()
    {
        var proof = await KeyAsync();
        // Before the crowd: one run, whose answer all others get.
        Assert.Equal(HttpStatusCode.OK, await AskAsync(0, proof));

        var answers = await Task.WhenAll(Enumerable.Range(0, Requests).Select(n => AskAsync(n % 2, proof)));

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.TooManyRequests], answers.Distinct().Order());
        Assert.InRange(answers.Count(status => status == HttpStatusCode.OK), OpenAIStack.LimitedRequests - 2, OpenAIStack.LimitedRequests);
    }

    private async Task<HttpStatusCode> AskAsync(int front, AuthenticationHeaderValue proof)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/agent") { Content = JsonContent.Create(new { question = "How often may I ask?", timeout = 60.0 }) };
        request.Headers.Authorization = proof;
        using var response = await fixture.Fronts[front].SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    /// <summary>A key of the limited tenant, as it is presented.</summary>
    private async Task<AuthenticationHeaderValue> KeyAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(new Uri(fixture.Stack.Processes["executor-1"].Address), "keys"))
        {
            Content = JsonContent.Create(new NewApiKey("crowd", [Scopes.Run], null), options: WireJson.Options),
        };
        request.Headers.Add(InternalWire.TenantHeader, OpenAIStack.LimitedTenant);
        using var response = await fixture.Stack.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var made = await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<MadeApiKey>(WireJson.Options, TestContext.Current.CancellationToken);
        return new AuthenticationHeaderValue("Bearer", made!.Key);
    }
}
