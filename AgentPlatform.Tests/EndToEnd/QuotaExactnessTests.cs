using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using AgentPlatform.Core.Identity;
using AgentPlatform.Core.Wire;
using AgentPlatform.Tests.Api;
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
        foreach (var tenant in OpenAIStack.LimitedTenants)
        {
            var outages = Outages();
            var proof = await KeyAsync(tenant);
            // Before the crowd: one run, whose answer all others get.
            Assert.Equal(HttpStatusCode.OK, await AskAsync(0, proof));
            Assert.Equal(HttpStatusCode.OK, await AskAsync(1, proof));

            var answers = await Task.WhenAll(Enumerable.Range(0, Requests - 2).Select(n => AskAsync(n % 2, proof)));

            Assert.Equal([HttpStatusCode.OK, HttpStatusCode.TooManyRequests], answers.Distinct().Order());
            if (Outages() == outages)
            {
                Assert.InRange(answers.Count(status => status == HttpStatusCode.OK) + 2, OpenAIStack.LimitedRequests - 1, OpenAIStack.LimitedRequests + 1);
                return;
            }

            // So busy a machine that Redis seemed to be away, and each counted for itself: that says nothing. The next tenant has a full bucket.
            await Wait.UntilAsync(() => Events("quotas_shared") == Outages(), "quotas to be counted together again");
        }

        Assert.Fail($"Redis was away in each of {OpenAIStack.LimitedTenants.Count} attempts.");
    }

    private int Outages() => Events("quotas_unshared");

    private int Events(string name) => new[] { "api-1", "api-2" }.Sum(front => fixture.Stack.LogLines(front).Count(line => line.Field("event") == name));

    private async Task<HttpStatusCode> AskAsync(int front, AuthenticationHeaderValue proof)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/agent") { Content = JsonContent.Create(new { question = "How often may I ask?", timeout = 60.0 }) };
        request.Headers.Authorization = proof;
        using var response = await fixture.Fronts[front].SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    /// <summary>A key of the tenant, as it is presented.</summary>
    private async Task<AuthenticationHeaderValue> KeyAsync(string tenant)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(new Uri(fixture.Stack.Processes["executor-1"].Address), "keys"))
        {
            Content = JsonContent.Create(new NewApiKey("crowd", [Scopes.Run], null), options: WireJson.Options),
        };
        request.Headers.Add(InternalWire.TenantHeader, tenant);
        using var response = await fixture.Stack.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var made = await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<MadeApiKey>(WireJson.Options, TestContext.Current.CancellationToken);
        return new AuthenticationHeaderValue("Bearer", made!.Key);
    }
}
