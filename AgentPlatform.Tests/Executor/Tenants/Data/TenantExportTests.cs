using System.Net;
using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Api.Problems;
using AgentPlatform.Core.Wire;
using AgentPlatform.Tests.Executor.Queries;
using AgentPlatform.Tests.Postgres;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AgentPlatform.Tests.Executor.Tenants.Data;

/// <summary>An export holds a connection that all tenants share: what it may take of them.</summary>
public sealed class TenantExportTests(PostgresFixture postgres)
{
    private const string LastLine = "{\"type\":\"end\"}\n";

    private static CancellationToken Ending => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tenant_exports_once_at_a_time_and_an_executor_a_few_times_and_one_more_is_refused_at_once()
    {
        await using var host = await TenantDataHost.StartAsync(postgres);
        await host.StoreMuchAsync("a");
        await host.StoreMuchAsync("b");
        using var a = host.ClientFor("a");
        using var b = host.ClientFor("b");
        using var c = host.ClientFor("c");
        var first = await BeginAsync(a);

        using (var again = await BeginAsync(a))
        {
            await again.ProblemAsync(HttpStatusCode.TooManyRequests, ProblemCodes.RateLimited);
            Assert.NotNull(again.Headers.RetryAfter);
        }

        var told = await ThroughTheApiAsync(host, "a");
        Assert.Equal((StatusCodes.Status429TooManyRequests, ProblemCodes.RateLimited), (told.Problem!.StatusCode, (string)told.Problem.ProblemDetails.Extensions["code"]!));

        using var second = await BeginAsync(b);
        using (var third = await BeginAsync(c))
        {
            await third.ProblemAsync(HttpStatusCode.ServiceUnavailable, ProblemCodes.Overloaded);
            Assert.NotNull(third.Headers.RetryAfter);
        }

        // Whoever goes away makes room.
        first.Dispose();
        await Until.TrueAsync(
            async () =>
            {
                using var later = await BeginAsync(c);
                return later.IsSuccessStatusCode && await later.Content.ReadAsStringAsync(Ending) is var text && text.EndsWith(LastLine, StringComparison.Ordinal);
            },
            "there is room for another export",
            Ending);
        Assert.EndsWith(LastLine, await second.Content.ReadAsStringAsync(Ending), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TenantData:ExportStall", "00:00:00.200")]
    [InlineData("TenantData:ExportWithin", "00:00:01")]
    public async Task A_reader_who_takes_nothing_or_too_long_is_cut_off_and_sees_it(string setting, string value)
    {
        await using var host = await TenantDataHost.StartAsync(postgres, ("TenantData:Exports", "1"), (setting, value));
        await host.StoreMuchAsync("a");
        using var a = host.ClientFor("a");
        using var b = host.ClientFor("b");
        using var stalled = await BeginAsync(a);

        await Until.TrueAsync(
            async () =>
            {
                using var other = await BeginAsync(b);
                return other.IsSuccessStatusCode;
            },
            "the place is given back",
            Ending);
        await Assert.ThrowsAsync<HttpRequestException>(() => stalled.Content.ReadAsStringAsync(Ending));
    }

    private static Task<HttpResponseMessage> BeginAsync(HttpClient client) => client.GetAsync("/tenant/export", HttpCompletionOption.ResponseHeadersRead, Ending);

    private static async Task<OrProblem<HttpResponseMessage>> ThroughTheApiAsync(TenantDataHost host, string tenant)
    {
        var services = new ServiceCollection();
        services.AddHttpClient(ExecutorClientRegistration.CallsClient, client => client.BaseAddress = new Uri(host.Address));
        await using var provider = services.BuildServiceProvider();
        return await new TenantExports(provider.GetRequiredService<IHttpClientFactory>(), TimeProvider.System).BeginAsync(tenant, Ending);
    }
}
