using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AgentPlatform.ServiceDefaults.Logging;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AgentPlatform.Tests.ServiceDefaults;

public sealed partial class JsonLogTests
{
    [Fact]
    public void A_line_has_the_fixed_fields_and_the_holes_in_snake_case()
    {
        using var activity = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        var line = Assert.Single(Logged(logger => AgentStarted(logger, "0198-run", "default", 12, 0.5, true)));

        Assert.Equal("agent_start", line.GetProperty("event").GetString());
        Assert.Equal("Information", line.GetProperty("level").GetString());
        Assert.Equal("Test.Category", line.GetProperty("category").GetString());
        Assert.Equal("Run 0198-run of default starts (12, 0.5, true)", line.GetProperty("message").GetString());
        Assert.Equal(activity.TraceId.ToHexString(), line.GetProperty("trace_id").GetString());
        Assert.Equal(activity.SpanId.ToHexString(), line.GetProperty("span_id").GetString());
        Assert.Equal("0198-run", line.GetProperty("run_id").GetString());
        Assert.Equal("default", line.GetProperty("agent").GetString());
        Assert.Equal(12, line.GetProperty("question_length").GetInt32());
        Assert.Equal(0.5, line.GetProperty("duration").GetDouble());
        Assert.True(line.GetProperty("cached").GetBoolean());
        var timestamp = line.GetProperty("timestamp").GetString()!;
        Assert.EndsWith("Z", timestamp, StringComparison.Ordinal);
        Assert.True(DateTimeOffset.TryParseExact(timestamp, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture, DateTimeStyles.None, out _), timestamp);
        Assert.False(line.TryGetProperty("exception", out _));
    }

    [Theory]
    [InlineData("two\nlines\r\n{\"event\":\"forged\"}")]
    [InlineData("next\u0085line\u2028separator\u2029")]
    [InlineData("terminal \u001b[31mred\u001b[0m \u0007")]
    [InlineData("lone surrogate \ud800 end")]
    [InlineData("抱歉，我暂时无法回答这个问题 \"quoted\" \\")]
    public void No_value_can_begin_a_line_or_carry_a_control_character(string value)
    {
        using var output = new MemoryStream();
        Log(output, logger =>
        {
            using var scope = logger.BeginScope(new Dictionary<string, object> { ["Scoped" + value] = value });
            AgentStarted(logger, value, value, 1, double.NaN, false);
        });
        var text = Encoding.UTF8.GetString(output.ToArray());

        Assert.Equal(1, text.Count(char.IsControl));
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u2028', text);
        var line = JsonSerializer.Deserialize<JsonElement>(text);
        Assert.Equal(value.Replace('\ud800', '\ufffd'), line.GetProperty("run_id").GetString());
        Assert.Equal("NaN", line.GetProperty("duration").GetString());
    }

    [Fact]
    public void No_value_can_turn_the_writing_direction_of_a_line()
    {
        var line = Assert.Single(Logged(logger => AgentStarted(logger, "safe\u202etxt.exe\u2066", "\ufeffdefault", 1, 1, false)));

        Assert.Equal("safe\\u202etxt.exe\\u2066", line.GetProperty("run_id").GetString());
        Assert.Equal("\\ufeffdefault", line.GetProperty("agent").GetString());
        Assert.DoesNotContain('\u202e', line.GetProperty("message").GetString()!);
    }

    [Fact]
    public async Task No_line_holds_a_secret_of_the_configuration_or_what_looks_like_a_credential()
    {
        await using var service = await TestService.StartAsync(settings: [("Tools:Secrets:orders", "canary-of-orders")]);
        var logger = service.Get<ILoggerFactory>().CreateLogger("Test.Category");
        using (logger.BeginScope(new Dictionary<string, object> { ["Scoped"] = "canary-of-orders" }))
        {
            AgentStarted(logger, "ap_0123456789012345678901234567890123456789", "Bearer abcdefghijk", 1, 1, false);
            Broken(logger, new InvalidOperationException("refused", new InvalidOperationException("canary-of-orders")));
        }

        var text = string.Join('\n', (await service.StopAndReadLogAsync()).Select(line => line.GetRawText()));
        Assert.Contains("refused", text, StringComparison.Ordinal);
        Assert.Contains("Bearer [redacted]", text, StringComparison.Ordinal);
        Assert.DoesNotContain("canary-of-orders", text, StringComparison.Ordinal);
        Assert.DoesNotContain("ap_0123456789", text, StringComparison.Ordinal);
        Assert.DoesNotContain("abcdefghijk", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Scopes_are_merged_and_no_field_is_overwritten_or_comes_twice()
    {
        var line = Assert.Single(Logged(logger =>
        {
            using var outer = logger.BeginScope(new Dictionary<string, object> { ["TenantId"] = "local", ["run_id"] = "of the scope" });
            using var inner = logger.BeginScope(new Dictionary<string, object> { ["Event"] = "forged", ["TraceId"] = "forged" });
            AgentStarted(logger, "of the hole", "default", 1, 1, true);
        }));

        Assert.Equal("local", line.GetProperty("tenant_id").GetString());
        Assert.Equal("of the hole", line.GetProperty("run_id").GetString());
        Assert.Equal("agent_start", line.GetProperty("event").GetString());
        Assert.Equal("forged", line.GetProperty("event_").GetString());
        Assert.Equal("forged", line.GetProperty("trace_id_").GetString());
        Assert.Equal(line.EnumerateObject().Count(), line.EnumerateObject().Select(field => field.Name).Distinct().Count());
    }

    [Fact]
    public void An_exception_is_text_with_type_message_and_stack()
    {
        var line = Assert.Single(Logged(logger =>
        {
            try
            {
                throw new InvalidOperationException("first\nsecond");
            }
            catch (InvalidOperationException exception)
            {
                Broken(logger, exception);
            }
        }));

        var text = line.GetProperty("exception").GetString()!;
        Assert.StartsWith("System.InvalidOperationException: first\nsecond", text, StringComparison.Ordinal);
        Assert.Contains(nameof(An_exception_is_text_with_type_message_and_stack), text, StringComparison.Ordinal);
        Assert.Equal("Error", line.GetProperty("level").GetString());
        Assert.Equal("broken", line.GetProperty("event").GetString());
    }

    [Fact]
    public async Task Frameworks_speak_at_warning_unless_the_configuration_says_otherwise()
    {
        await using var service = await TestService.StartAsync(settings: [("Logging:LogLevel:Orleans", "Debug")]);
        var loggers = service.Get<ILoggerFactory>();

        Assert.False(loggers.CreateLogger("Microsoft.AspNetCore.Routing").IsEnabled(LogLevel.Information));
        Assert.False(loggers.CreateLogger("Microsoft.EntityFrameworkCore.Database.Command").IsEnabled(LogLevel.Information));
        Assert.False(loggers.CreateLogger("System.Net.Http.HttpClient").IsEnabled(LogLevel.Information));
        Assert.True(loggers.CreateLogger("Orleans.Silo").IsEnabled(LogLevel.Debug));
        Assert.False(loggers.CreateLogger("Orleans.Runtime.Watchdog").IsEnabled(LogLevel.Warning));
        Assert.True(loggers.CreateLogger("AgentPlatform.Api").IsEnabled(LogLevel.Information));
    }

    private static JsonElement[] Logged(Action<ILogger> log)
    {
        using var output = new MemoryStream();
        Log(output, log);
        return TestService.ReadLines(Encoding.UTF8.GetString(output.ToArray()));
    }

    private static void Log(Stream output, Action<ILogger> log)
    {
        using var loggers = LoggerFactory.Create(logging => logging.AddJsonLines(output));
        log(loggers.CreateLogger("Test.Category"));
    }

    [LoggerMessage(1, LogLevel.Information, "Run {RunId} of {Agent} starts ({QuestionLength}, {Duration}, {Cached})", EventName = LogEvents.AgentStart)]
    private static partial void AgentStarted(ILogger logger, string runId, string agent, int questionLength, double duration, bool cached);

    [LoggerMessage(2, LogLevel.Error, "It broke")]
    private static partial void Broken(ILogger logger, Exception exception);
}
