using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;
using Xunit;

namespace AgentPlatform.Tests.ServiceDefaults;

public sealed class StoreTests
{
    [Fact]
    public async Task Redis_is_ok_while_it_runs_degraded_while_it_is_away_and_found_again()
    {
        var port = RedisServer.FreePort();
        await using var service = await TestService.StartAsync(
            builder => builder.AddRedisDistributedCache("cache"), settings: [("ConnectionStrings:cache", $"127.0.0.1:{port}")]);
        var redis = service.Get<IConnectionMultiplexer>();

        var (status, body) = await service.GetJsonAsync("/health");
        Assert.Equal((200, "degraded"), (status, body.GetProperty("status").GetString()));
        Assert.Equal("degraded", body.GetProperty("dependencies").GetProperty("cache").GetProperty("status").GetString());
        Assert.Equal(200, (await service.GetJsonAsync("/ready")).Status);
        var began = TimeProvider.System.GetTimestamp();
        await Assert.ThrowsAnyAsync<RedisException>(() => redis.GetDatabase().StringGetAsync("key"));
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromMilliseconds(500));

        using var server = RedisServer.Start(port);
        await UntilHealthIsAsync(service, "ok");
        await service.Get<IDistributedCache>().SetStringAsync("key", "value", TestContext.Current.CancellationToken);
        Assert.Equal("value", await service.Get<IDistributedCache>().GetStringAsync("key", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_missing_connection_string_fails_the_start_naming_it_and_the_remedy()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => TestService.StartAsync(builder => builder.AddRedisDistributedCache("cache")));

        Assert.Contains("ConnectionStrings:cache", error.Message, StringComparison.Ordinal);
        Assert.Contains("ConnectionStrings__cache", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_of_the_connection_string_wins_over_the_defaults()
    {
        await using var service = await TestService.StartAsync(
            builder => builder.AddRedisDistributedCache("cache", configureOptions: options => options.ClientName = "test"),
            settings: [("ConnectionStrings:cache", $"127.0.0.1:{RedisServer.FreePort()},connectTimeout=200,syncTimeout=300")]);
        var options = service.Get<Microsoft.Extensions.Options.IOptions<ConfigurationOptions>>().Value;

        Assert.Equal((200, 300, "test"), (options.ConnectTimeout, options.SyncTimeout, options.ClientName));
        Assert.False(options.AbortOnConnectFail);
        Assert.Same(BacklogPolicy.FailFast, options.BacklogPolicy);
    }

    [Fact]
    public async Task Postgres_that_is_away_makes_health_503_in_time_under_its_resource_name()
    {
        await using var service = await TestService.StartAsync(
            builder => builder.AddNpgsqlDbContext<StoreTestDbContext>("agentdb"),
            settings: [("ConnectionStrings:agentdb", $"Host=127.0.0.1;Port={RedisServer.FreePort()};Username=nobody;Database=agentdb")]);
        var (status, body) = await service.GetJsonAsync("/health");

        Assert.Equal((503, "down"), (status, body.GetProperty("status").GetString()));
        Assert.Equal("down", body.GetProperty("dependencies").GetProperty("agentdb").GetProperty("status").GetString());
        Assert.True(body.GetProperty("dependencies").GetProperty("agentdb").GetProperty("ms").GetDouble() < 3000);
    }

    [Fact]
    public async Task The_context_is_pooled_and_retries_and_names_a_missing_connection_string()
    {
        await using var service = await TestService.StartAsync(
            builder => builder.AddNpgsqlDbContext<StoreTestDbContext>("agentdb", configureDbContextOptions: options => options.EnableDetailedErrors()),
            settings: [("ConnectionStrings:agentdb", "Host=127.0.0.1;Username=nobody")]);
        using var scope = service.App.Services.CreateScope();
        Assert.True(scope.ServiceProvider.GetRequiredService<StoreTestDbContext>().Database.CreateExecutionStrategy().RetriesOnFailure);

        await using var without = await TestService.StartAsync(builder => builder.AddNpgsqlDbContext<StoreTestDbContext>("agentdb"));
        using var other = without.App.Services.CreateScope();
        var error = Assert.Throws<InvalidOperationException>(other.ServiceProvider.GetRequiredService<StoreTestDbContext>);
        Assert.Contains("ConnectionStrings:agentdb", error.Message, StringComparison.Ordinal);
    }

    private static async Task UntilHealthIsAsync(TestService service, string wanted)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var (_, body) = await service.GetJsonAsync("/health");
            if (body.GetProperty("status").GetString() == wanted)
            {
                return;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(15), body.ToString());
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}

internal sealed class StoreTestDbContext(DbContextOptions<StoreTestDbContext> options) : DbContext(options);
