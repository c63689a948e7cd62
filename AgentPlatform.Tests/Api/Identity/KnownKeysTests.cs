using System.Net;
using System.Text.Json;
using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Api.Identity;
using AgentPlatform.Core.Identity;
using AgentPlatform.Core.Wire;
using AgentPlatform.Tests.Api.Contract;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentPlatform.Tests.Api.Identity;

/// <summary>How long a key is believed without asking.</summary>
public sealed class KnownKeysTests : IAsyncLifetime
{
    private const string Key = "ap_0123456789012345678901234567890123456789";

    private readonly FakeTimeProvider _time = new();
    private ScriptedExecutor _executor = null!;
    private ApiProcess _api = null!;
    private KnownKeys _known = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _executor = await ScriptedExecutor.StartAsync();
        Samples.Script(_executor);
        var holder = new KeyHolder("acme", Guid.CreateVersion7(_time.GetUtcNow()), "ci", [Scopes.Read]);
        _executor.On("POST /keys/verify", context => context.Response.WriteAsync(JsonSerializer.Serialize(holder, WireJson.Options)));
        _api = ApiProcess.Start([_executor.Address], ("Identity:ApiKeys", "true"));
        _known = new KnownKeys(_api.Services.GetRequiredService<ExecutorQueries>(), _api.Services.GetRequiredService<IOptions<IdentityOptions>>(), _time);
    }

    public async ValueTask DisposeAsync()
    {
        _known.Dispose();
        await _api.DisposeAsync();
        await _executor.DisposeAsync();
    }

    [Fact]
    public async Task A_revoked_key_passes_for_half_a_minute_at_most()
    {
        Assert.Equal("acme", await TenantAsync());
        _executor.OnProblem("POST /keys/verify", (int)HttpStatusCode.NotFound, ProblemCodes.KeyNotFound, "There is no such key.");

        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal("acme", await TenantAsync());
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(KeyStanding.NotGood, await _known.FindAsync(Key, Stop));
    }

    [Fact]
    public async Task While_no_executor_can_say_it_a_key_that_was_good_is_believed_for_five_minutes_and_no_longer()
    {
        Assert.Equal("acme", await TenantAsync());
        _executor.OnProblem("POST /keys/verify", (int)HttpStatusCode.ServiceUnavailable, ProblemCodes.DatabaseUnavailable, "The database is away.");

        _time.Advance(TimeSpan.FromSeconds(299));
        Assert.Equal("acme", await TenantAsync());
        Assert.Equal(KeyStanding.Unknown, await _known.FindAsync(Key.Replace('0', 'x'), Stop));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(KeyStanding.Unknown, await _known.FindAsync(Key, Stop));
    }

    private async Task<string?> TenantAsync() => (await _known.FindAsync(Key, Stop)).Holder?.TenantId;
}
