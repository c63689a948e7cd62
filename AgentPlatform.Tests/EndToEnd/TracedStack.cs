using AgentPlatform.Tests.ModelServer;
using AgentPlatform.Tests.Stack;
using Xunit;

namespace AgentPlatform.Tests.EndToEnd;

/// <summary>A stack that sends its telemetry to the test.</summary>
public sealed class TracedStack : IAsyncLifetime
{
    public FakeModelServer Model { get; private set; } = null!;

    internal SpanReceiver Receiver { get; private set; } = null!;

    internal RunningStack Stack { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Model = await FakeModelServer.StartAsync(TestContext.Current.CancellationToken);
        Receiver = await SpanReceiver.StartAsync(TestContext.Current.CancellationToken);
        Stack = await RunningStack.StartAsync(new StackSettings
        {
            Environment = new Dictionary<string, string?>
            {
                ["OPENAI_BASE_URL"] = Model.BaseUrl,
                ["OPENAI_API_KEY"] = "key-of-the-test",
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Receiver.Endpoint,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
            },
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (Stack is not null)
        {
            await Stack.DisposeAsync();
        }

        if (Receiver is not null)
        {
            await Receiver.DisposeAsync();
        }

        if (Model is not null)
        {
            await Model.DisposeAsync();
        }
    }
}
