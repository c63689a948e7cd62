using System.Diagnostics;
using System.Net;
using System.Text;
using AgentPlatform.Core.Wire;
using AgentPlatform.Tests.Executor.Queries;
using Xunit;

namespace AgentPlatform.Tests.Executor.Problems;

[Collection(QueryTests.Name)]
public sealed class DatabaseAwayTests(QueryFixture fixture)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(3);

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_database_that_is_gone_is_a_503_at_every_endpoint()
    {
        await using var proxy = new StallingProxy(fixture.ConnectionString);
        await using var host = await QueryHost.StartAsync(proxy.ConnectionString);
        using var client = host.ClientFor(Rows.NewTenant());
        await client.ReadAsync<Page<RunSummary>>("/runs");

        proxy.Cut();

        await AllUnavailableAsync(client);
    }

    [Fact]
    public async Task A_database_that_hangs_is_a_503_in_time_at_every_endpoint_and_forgotten_when_it_is_back()
    {
        await using var proxy = new StallingProxy(fixture.ConnectionString);
        await using var host = await QueryHost.StartAsync(proxy.ConnectionString);
        using var client = host.ClientFor(Rows.NewTenant());
        await client.ReadAsync<Page<RunSummary>>("/runs");

        proxy.Stall();
        await AllUnavailableAsync(client);
        proxy.Resume();

        Assert.Empty((await client.ReadAsync<Page<RunSummary>>("/runs")).Items);
    }

    private static async Task AllUnavailableAsync(HttpClient client)
    {
        // More of them than the pool has connections.
        var waits = await Task.WhenAll(Enumerable.Range(0, 10).SelectMany(_ => new[]
        {
            UnavailableAsync(client, HttpMethod.Get, "/runs"),
            UnavailableAsync(client, HttpMethod.Get, $"/runs/{Rows.Id(1)}"),
            UnavailableAsync(client, HttpMethod.Get, "/sessions"),
            UnavailableAsync(client, HttpMethod.Get, "/sessions/talk"),
            UnavailableAsync(client, HttpMethod.Get, "/sessions/talk/turns"),
            UnavailableAsync(client, HttpMethod.Get, "/sessions/talk/state"),
            UnavailableAsync(client, HttpMethod.Delete, "/sessions/talk"),
            UnavailableAsync(client, HttpMethod.Post, "/sessions", "{}"),
            UnavailableAsync(client, HttpMethod.Put, "/sessions/talk/state", "{}"),
        }));
        Assert.True(waits.Max() < Bound, $"The slowest took {waits.Max()}.");
    }

    /// <returns>How long it took to say so.</returns>
    private static async Task<TimeSpan> UnavailableAsync(HttpClient client, HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
        };
        var asked = Stopwatch.GetTimestamp();
        using var response = await client.SendAsync(request, Ending);
        var waited = Stopwatch.GetElapsedTime(asked);

        await response.ProblemAsync(HttpStatusCode.ServiceUnavailable, ProblemCodes.DatabaseUnavailable);
        Assert.NotNull(response.Headers.RetryAfter?.Delta);
        return waited;
    }
}
