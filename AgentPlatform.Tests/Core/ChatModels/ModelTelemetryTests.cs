using System.Collections.Concurrent;
using System.Diagnostics;
using AgentPlatform.Tests.ModelServer;
using Microsoft.Extensions.AI;
using Xunit;

namespace AgentPlatform.Tests.Core.ChatModels;

public sealed class ModelTelemetryTests
{
    private const string Source = "Experimental.Microsoft.Extensions.AI";
    private static readonly List<ChatMessage> Question = [new(ChatRole.User, "A private question")];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("openai", null)]
    [InlineData("builtin", null)]
    [InlineData("openai", "true")]
    public async Task A_call_is_one_chat_span_without_its_text_unless_asked_for(string provider, string? sensitive)
    {
        await using var server = await FakeModelServer.StartAsync(Cancellation);
        var model = provider == "openai" ? "telemetry-model" : "builtin";
        await using var models = await ModelHost.StartAsync(
            ("Models:Default:Provider", provider), ("Models:Default:Endpoint", server.BaseUrl), ("Models:Default:Model", model), ("Logging:Sensitive", sensitive));
        using var root = new Activity("test").Start();
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                if (span.TraceId == root.TraceId)
                {
                    spans.Enqueue(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);

        await models.Caller.CallAsync(models.Default, Question, new ChatOptions(), null, Cancellation);

        var chat = Assert.Single(spans);
        Assert.Equal($"chat {model}", chat.DisplayName);
        Assert.Equal(provider, chat.GetTagItem("gen_ai.provider.name"));
        Assert.NotNull(chat.GetTagItem("gen_ai.usage.input_tokens"));
        Assert.Null(chat.GetTagItem("gen_ai.system"));
        Assert.Equal(sensitive is not null, chat.TagObjects.Any(tag => tag.Value?.ToString()?.Contains("private", StringComparison.Ordinal) == true));
    }
}
