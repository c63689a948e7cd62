using System.Text.Json;
using AgentPlatform.Tests.Postgres;
using Xunit;

namespace AgentPlatform.Tests.Executor.Tools.Mcp;

/// <summary>Tools of the official servers, called as agents call them.</summary>
public sealed class McpToolTests(McpFolder shared) : IClassFixture<McpFolder>
{
    private McpBench Bench => shared.Bench;

    [Fact]
    public void A_trusted_servers_annotations_decide_unless_the_operator_does()
    {
        Assert.Equal(
            [ToolEffect.Read, ToolEffect.Write, ToolEffect.Pure, ToolEffect.Idempotent, ToolEffect.Write],
            new[] { "everything__echo", "everything__toggle-simulated-logging", "files__read_file", "files__write_file", "files__edit_file" }
                .Select(name => Bench.Catalogue.Find(name)!.Effect));
    }

    [Fact]
    public void What_a_stranger_says_of_itself_decides_nothing()
    {
        Assert.Equal(
            [ToolEffect.Write, ToolEffect.Write, ToolEffect.Read],
            new[] { "stranger__hang", "stranger__put", "stranger__balance" }.Select(name => Bench.Catalogue.Find(name)!.Effect));
    }

    [Fact]
    public void Characters_that_nobody_sees_are_no_part_of_a_description() =>
        Assert.Equal("Tells a balance.", Bench.Catalogue.Find("shifting__balance")!.Description);

    [Theory]
    [InlineData("everything__echo", """{"message":"Hello"}""", "Echo: Hello")]
    [InlineData("everything__get-sum", """{"a":2,"b":40}""", "The sum of 2 and 40 is 42.")]
    public async Task A_tool_is_called_with_arguments(string tool, string arguments, string answer)
    {
        var result = await Bench.CallAsync(tool, arguments);

        Assert.Equal((answer, null), (result.Text, result.Error));
    }

    [Fact]
    public async Task Structured_content_comes_once_and_an_image_in_a_sentence()
    {
        var weather = await Bench.CallAsync("everything__get-structured-content", """{"location":"Chicago"}""");
        var image = await Bench.CallAsync("everything__get-tiny-image");

        Assert.Equal("Light rain / drizzle", JsonElement.Parse(weather.Text).GetProperty("conditions").GetString());
        Assert.Matches(@"^Here's the image you requested:\n\[An image of type image/png, \d+ bytes, not shown\]\nThe image above is the MCP logo\.$", image.Text);
    }

    [Fact]
    public async Task Files_are_written_and_read_within_the_servers_folder_alone()
    {
        var file = Path.Combine(shared.Folder, "note.txt");

        var written = await Bench.CallAsync("files__write_file", JsonSerializer.Serialize(new { path = file, content = "seven" }));
        var read = await Bench.CallAsync("files__read_text_file", JsonSerializer.Serialize(new { path = file }));
        var outside = await Bench.CallAsync("files__read_text_file", """{"path":"/etc/hostname"}""");

        Assert.Equal((null, "seven"), (written.Error, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)));
        Assert.Contains("seven", read.Text, StringComparison.Ordinal);
        Assert.Equal(ToolErrorKind.Failed, outside.Error);
        Assert.Contains("denied", outside.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Wrong_arguments_never_reach_the_server()
    {
        var result = await Bench.CallAsync("everything__get-sum", """{"a":"two"}""");

        Assert.Equal(ToolErrorKind.InvalidArguments, result.Error);
        Assert.Contains("'a' must be a number", result.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tool_that_says_it_failed_is_an_error_that_the_model_can_read()
    {
        var result = await Bench.CallAsync("shifting__fail");

        Assert.Equal((ToolErrorKind.Failed, "'shifting__fail' says that it failed:\nThere is no such order."), (result.Error, result.Text));
    }

    [Fact]
    public async Task A_long_result_is_cut()
    {
        var result = await Bench.CallAsync("shifting__large");

        Assert.Equal((true, 1_000), (result.Truncated, result.Text.Length));
    }

    [Fact]
    public async Task A_server_sees_of_our_environment_what_it_was_given_and_nothing_else()
    {
        var environment = JsonElement.Parse((await Bench.CallAsync("everything__get-env")).Text);

        Assert.Equal("Hello Ada", environment.GetProperty("GREETING").GetString());
        Assert.Equal(Environment.GetEnvironmentVariable("PATH"), environment.GetProperty("PATH").GetString());
        Assert.DoesNotContain(environment.EnumerateObject(), variable => variable.Name == McpFolder.Leak || variable.Value.ToString().Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_deadline_is_the_calls_whole_time_and_the_server_hears_of_its_end()
    {
        var slow = await Bench.CallAsync("everything__trigger-long-running-operation", """{"duration":30,"steps":300}""");
        var before = await CancelledAsync();
        var reading = await Bench.CallAsync("shifting__hang");
        var writing = await Bench.CallAsync("shifting__hang_writing");

        Assert.Equal((ToolErrorKind.Timeout, "'everything__trigger-long-running-operation' did not finish within 0.6 seconds and was given up."), (slow.Error, slow.Text));
        Assert.Equal((ToolErrorKind.Timeout, ToolErrorKind.OutcomeUnknown), (reading.Error, writing.Error));
        Assert.EndsWith("Whether it took effect is not known.", writing.Text, StringComparison.Ordinal);
        await Until.TrueAsync(async () => await CancelledAsync() >= before + 2, "the server heard of both", TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_call_that_its_run_gives_up_is_given_up_at_the_server()
    {
        var before = await CancelledAsync("stranger");
        using var run = new CancellationTokenSource();
        var call = Bench.CallAsync("stranger__hang", cancellationToken: run.Token);

        // It is on its way when a later call has its answer.
        await CancelledAsync("stranger");
        await run.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Until.TrueAsync(async () => await CancelledAsync("stranger") > before, "the server heard", TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_tool_that_honours_a_key_gets_it_and_others_do_not()
    {
        var meta = JsonElement.Parse((await Bench.CallAsync("shifting__put")).Text);
        var without = JsonElement.Parse((await Bench.CallAsync("stranger__put")).Text);

        Assert.Equal(ToolBench.Call.IdempotencyKey, meta.GetProperty("agentplatform/idempotency_key").GetString());
        Assert.Equal(("acme", "default"), (meta.GetProperty("agentplatform/tenant").GetString(), meta.GetProperty("agentplatform/agent").GetString()));
        Assert.DoesNotContain(without.EnumerateObject(), member => member.Name.StartsWith("agentplatform", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_server_asks_of_us_is_refused() =>
        Assert.StartsWith("refused: ", (await Bench.CallAsync("shifting__ask")).Text, StringComparison.Ordinal);

    private async Task<int> CancelledAsync(string server = "shifting") =>
        int.Parse((await Bench.CallAsync($"{server}__cancelled")).Text, System.Globalization.CultureInfo.InvariantCulture);
}
