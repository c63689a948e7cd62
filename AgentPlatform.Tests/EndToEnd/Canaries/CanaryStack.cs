using AgentPlatform.Tests.Api.Identity;
using AgentPlatform.Tests.Executor.Tools;
using AgentPlatform.Tests.ModelServer;
using AgentPlatform.Tests.Stack;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd.Canaries;

/// <summary>A stack in earnest that exports its telemetry, among servers that repeat every credential they are sent.</summary>
public sealed class CanaryStack : IAsyncLifetime
{
    /// <summary>Names of a tool and of a model that would forge a line of a log.</summary>
    public const string HostileName = "x\\n{\\\"level\\\":\\\"Error\\\",\\\"message\\\":\\\"forged\\\"}\\u001b[31m\\u202e";

    private readonly string _agents = Directory.CreateTempSubdirectory("agentplatform-agents-").FullName;
    private WebSite _echo = null!;

    public FakeModelServer Model { get; private set; } = null!;

    internal TelemetryBox Telemetry { get; private set; } = null!;

    internal RunningStack Stack { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        File.WriteAllText(
            Path.Combine(_agents, "default.yaml"),
            "name: default\ndescription: An agent of the tests.\ninstructions: Answer.\ntools: [echo, nowhere]\ncache: { enabled: false }\n");
        Model = await FakeModelServer.StartAsync(TestContext.Current.CancellationToken);
        Model.Always(Reply);
        _echo = await WebSite.StartAsync(routes => routes.Map("/echo/{status}", EchoAsync), TestContext.Current.CancellationToken);
        Telemetry = await TelemetryBox.StartAsync(TestContext.Current.CancellationToken);
        Stack = await RunningStack.StartAsync(new StackSettings
        {
            Environment = TestTokens.Settings.Select(setting => (setting.Key.Replace(":", "__", StringComparison.Ordinal), (string?)setting.Value)).Concat(Settings())
                .ToDictionary(setting => setting.Item1, setting => setting.Item2),
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (Stack is not null)
        {
            await Stack.DisposeAsync();
        }

        await Telemetry.DisposeAsync();
        await _echo.DisposeAsync();
        await Model.DisposeAsync();
        Directory.Delete(_agents, recursive: true);
    }

    private IEnumerable<(string, string?)> Settings() =>
    [
        ("ASPNETCORE_ENVIRONMENT", "Staging"),
        ("Identity__ApiKeys", "true"),
        ("Internal__Key", CanarySecrets.InternalKey),
        ("OPENAI_BASE_URL", Model.BaseUrl),
        ("OPENAI_API_KEY", CanarySecrets.ModelKey),
        ("Agents__Directory", _agents),
        ("Tools__Http__echo__Description", "Says what it was sent."),
        ("Tools__Http__echo__Method", "GET"),
        ("Tools__Http__echo__Url", $"http://127.0.0.1:{_echo.Port}/echo/{{status}}"),
        ("Tools__Http__echo__Headers__X-Whatever", CanarySecrets.ToolKey),
        ("Tools__Http__echo__Parameters__status__Description", "Of its answer."),
        ("Tools__Http__echo__AllowPrivate", "true"),
        ("Tools__Http__nowhere__Description", "Nobody is there."),
        ("Tools__Http__nowhere__Method", "GET"),
        ("Tools__Http__nowhere__Url", $"http://127.0.0.1:1/?api_key={CanarySecrets.ToolKey}"),
        ("Tools__Http__nowhere__AllowPrivate", "true"),
        ("Tools__Mcp__Servers__broken__Url", $"http://127.0.0.1:{_echo.Port}/echo/500"),
        ("Tools__Mcp__Servers__broken__Headers__Authorization", "Bearer {secret:mcp}"),
        ("Tools__Secrets__mcp", CanarySecrets.McpKey),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", Telemetry.Endpoint),
        ("OTEL_EXPORTER_OTLP_HEADERS", $"x-otlp-api-key={CanarySecrets.ExporterKey}"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_BSP_SCHEDULE_DELAY", "100"),
        ("OTEL_BLRP_SCHEDULE_DELAY", "100"),
        ("OTEL_METRIC_EXPORT_INTERVAL", "500"),
    ];

    /// <summary>Everything it was sent, in the body and in a header.</summary>
    private static Task EchoAsync(HttpContext context)
    {
        var sent = string.Join("; ", context.Request.Headers.Select(header => $"{header.Key}: {header.Value}"));
        context.Response.StatusCode = int.Parse((string)context.Request.RouteValues["status"]!, null);
        context.Response.Headers["X-Echo"] = context.Request.Headers["X-Whatever"];
        return context.Response.WriteAsync(sent, context.RequestAborted);
    }

    private static FakeReply Reply(FakeModelRequest request)
    {
        var key = request.Headers["Authorization"];
        return request.RoundsSinceQuestion > 0 ? FakeReply.Answer($"Result: {request.LastToolResult}")
            : request.LastUserText.Split(' ') switch
            {
                ["Echo", var status] => FakeReply.Call("echo", $$"""{"status":"{{status}}"}"""),
                ["Nowhere"] => FakeReply.Call("nowhere", "{}"),
                ["Refuse"] => FakeReply.Fail(401, "invalid_api_key", $"Incorrect API key provided: {key}."),
                ["Break"] => FakeReply.Fail(500, "internal_error", $"Failed with {key}."),
                ["Hang"] => FakeReply.Answer("Too late.").After(TimeSpan.FromSeconds(3)),
                ["Forge"] => FakeReply.Raw($$$"""{"id":"1","object":"chat.completion","created":1,"model":"{{{HostileName}}}\u0000","choices":[{"index":0,"finish_reason":"tool_calls","message":{"role":"assistant","content":null,"tool_calls":[{"id":"{{{HostileName}}}","type":"function","function":{"name":"{{{HostileName}}}","arguments":"{}"}}]}}]}"""),
                _ => FakeReply.Answer("Yes."),
            };
    }
}
