using System.Collections.Concurrent;
using System.Text;
using AgentPlatform.ServiceDefaults.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using StackExchange.Redis;
using Xunit;

namespace AgentPlatform.Tests.ServiceDefaults;

public sealed partial class TelemetryExportTests
{
    [Fact]
    public async Task Without_an_endpoint_nothing_listens()
    {
        await using var service = await TestService.StartAsync();

        Assert.Null(service.App.Services.GetService<TracerProvider>());
        Assert.Null(service.App.Services.GetService<MeterProvider>());
    }

    [Fact]
    public async Task With_an_endpoint_traces_metrics_and_logs_arrive_there()
    {
        var received = new ConcurrentDictionary<string, StringBuilder>();
        await using var receiver = await ReceiverAsync(received);
        var port = RedisServer.FreePort();
        using (RedisServer.Start(port))
        {
            await using var service = await TestService.StartAsync(
                builder => builder.AddRedisDistributedCache("cache"),
                app => app.MapGet("/work", WorkAsync),
                ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Urls.Single()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
                ("OTEL_SERVICE_NAME", "the-service"), ("ConnectionStrings:cache", $"127.0.0.1:{port}"));
            Assert.Equal("done", await service.Client.GetStringAsync("/work", TestContext.Current.CancellationToken));
            await service.App.StopAsync(TestContext.Current.CancellationToken);
        }

        var traces = received["/v1/traces"].ToString();
        Assert.All(
            (string[])["the-service", "/work", "invoke_agent default", "execute_tool clock", "gen_ai.tool.call.id", "SETNX", "redis"],
            wanted => Assert.Contains(wanted, traces, StringComparison.Ordinal));
        Assert.Contains("agent_requests_total", received["/v1/metrics"].ToString(), StringComparison.Ordinal);
        Assert.Contains("Run of default starts", received["/v1/logs"].ToString(), StringComparison.Ordinal);
    }

    private static async Task<string> WorkAsync(IConnectionMultiplexer redis, AgentMetrics metrics, ILogger<TelemetryExportTests> logger)
    {
        metrics.Requested();
        using var run = AgentActivity.StartInvokeAgent("default", "run", "session");
        AgentStarted(logger, "default");
        await redis.GetDatabase().StringSetAsync("key", "value", when: When.NotExists);
        using var tool = AgentActivity.StartExecuteTool("clock", "call_1");
        return "done";
    }

    private static async Task<WebApplication> ReceiverAsync(ConcurrentDictionary<string, StringBuilder> received)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/v1/{signal}", async (HttpContext context) =>
        {
            using var reader = new StreamReader(context.Request.Body, Encoding.Latin1);
            var body = await reader.ReadToEndAsync(context.RequestAborted);
            received.AddOrUpdate(context.Request.Path, _ => new StringBuilder(body), (_, text) => text.Append(body));
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    [LoggerMessage(1, LogLevel.Information, "Run of {Agent} starts", EventName = "agent_traced")]
    private static partial void AgentStarted(ILogger logger, string agent);
}
