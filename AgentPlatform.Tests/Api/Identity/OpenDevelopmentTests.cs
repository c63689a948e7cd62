using System.Net;
using System.Net.Http.Headers;
using AgentPlatform.Core.Wire;
using AgentPlatform.Tests.Api.Contract;
using Xunit;

namespace AgentPlatform.Tests.Api.Identity;

/// <summary>Without any identity configured: open in Development, and no start anywhere else.</summary>
public sealed class OpenDevelopmentTests
{
    [Theory]
    [InlineData(null, 200)]
    [InlineData("Bearer sk-whatever-an-sdk-sends", 200)]
    [InlineData("Bearer ap_9999999999999999999999999999999999999999", 401)]
    [InlineData("Bearer eyJhbGciOiJub25lIn0.eyJ0ZW5hbnQiOiJhY21lIn0.", 401)]
    public async Task Everybody_is_local_but_who_claims_to_be_somebody_must_prove_it(string? authorization, int status)
    {
        await using var executor = await ScriptedExecutor.StartAsync();
        Samples.Script(executor);
        executor.OnProblem("POST /keys/verify", 404, ProblemCodes.KeyNotFound, "There is no such key.");
        await using var api = ApiProcess.StartOpen("Development", executor.Address);
        using var client = api.CreateDefaultClient();
        client.DefaultRequestHeaders.Authorization = authorization is null ? null : AuthenticationHeaderValue.Parse(authorization);
        using var response = await client.GetAsync(new Uri("/sessions", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        Assert.All(executor.Seen.Where(seen => seen.Route == "GET /sessions"), seen => Assert.Equal(InternalWire.LocalTenant, seen.Headers[InternalWire.TenantHeader].ToString()));
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public void Anywhere_else_the_start_fails_and_names_the_settings(string environment)
    {
        var failure = Assert.ThrowsAny<Exception>(() => ApiProcess.StartOpen(environment, ApiProcess.Nobody));

        Assert.Contains("Identity__ApiKeys", failure.Message, StringComparison.Ordinal);
    }
}
