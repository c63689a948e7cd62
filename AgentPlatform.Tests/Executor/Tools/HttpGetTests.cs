using AgentPlatform.Executor.Tools.Http;
using AgentPlatform.Executor.Tools.HttpGet;
using AgentPlatform.Executor.Tools.Outgoing;
using AgentPlatform.Tests.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Xunit;

namespace AgentPlatform.Tests.Executor.Tools;

public sealed class HttpGetTests : IAsyncLifetime
{
    private WebSite _site = null!;
    private HttpGetClient _client = null!;
    private HttpGetPlugin _tool = null!;

    private string Home => $"http://localhost:{_site.Port}";

    public async ValueTask InitializeAsync()
    {
        _site = await WebSite.StartAsync(
            routes =>
            {
                routes.MapGet("/text", () => Results.Text("plain words"));
                routes.MapGet("/html", () => Results.Text("<html><head><title>T</title><script>evil()</script></head><body><p>Hello&nbsp;<b>you</b></p></body></html>", "text/html"));
                routes.MapGet("/gbk", () => Results.Bytes([0xC4, 0xE3, 0xBA, 0xC3], "text/plain; charset=gbk"));
                routes.MapGet("/missing", () => Results.Text("not here", statusCode: 404));
                routes.MapGet("/image", () => Results.Bytes([1, 2, 3], "image/png"));
                routes.MapGet("/large", () => Results.Text(new string('x', 10_000)));
                routes.MapGet("/packed", (HttpContext context) =>
                {
                    context.Response.Headers.ContentEncoding = "gzip";
                    return Results.Text("xx");
                });
                routes.MapGet("/hop/{left:int}", (int left) => Results.Redirect(left == 0 ? "/text" : $"/hop/{left - 1}"));
                routes.MapGet("/to", (string url) => Results.Redirect(url));
            },
            TestContext.Current.CancellationToken);
        var options = Options.Create(new HttpGetOptions { AllowedHosts = [$"localhost:{_site.Port}"], MaxBytes = 2_048 });
        _client = new HttpGetClient(
            options, new OutgoingHttp(OutgoingNetwork.System), new HttpToolBulkheads(Options.Create(new HttpToolLimits()), TestCircuits.Metrics()), TestCircuits.New(), TimeProvider.System);
        _tool = new HttpGetPlugin(_client, options);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _site.DisposeAsync();
    }

    [Fact]
    public async Task A_page_of_a_host_allowed_by_name_is_read()
    {
        Assert.Equal($"HTTP 200, text/plain, {Home}/text\n\nplain words", await GetAsync($"{Home}/text"));
        Assert.Equal(ToolBench.Call.IdempotencyKey, _site.IdempotencyKey);
        Assert.Matches(@"^AgentPlatform/\d+\.\d+ \(http_get\)$", _site.UserAgent);
    }

    [Fact]
    public async Task Html_is_reduced_to_what_a_person_reads() =>
        Assert.EndsWith("\n\nT\n\nHello you", await GetAsync($"{Home}/html"), StringComparison.Ordinal);

    [Fact]
    public async Task The_declared_charset_is_honoured() =>
        Assert.EndsWith("你好", await GetAsync($"{Home}/gbk"), StringComparison.Ordinal);

    [Fact]
    public async Task An_error_status_is_a_result_the_model_can_read() =>
        Assert.StartsWith("HTTP 404, text/plain, ", await GetAsync($"{Home}/missing"), StringComparison.Ordinal);

    [Fact]
    public async Task No_more_than_the_cap_is_read() =>
        Assert.EndsWith(new string('x', 2_048) + "\n[only the first 2048 bytes were read]", await GetAsync($"{Home}/large"), StringComparison.Ordinal);

    [Theory]
    [InlineData("/image", "The URL answered 200 with image/png, which is not text.")]
    [InlineData("/packed", "The server sent a compressed body that was not asked for.")]
    [InlineData("/hop/6", "The page redirects more than 5 times.")]
    public async Task What_is_no_page_is_explained(string path, string explanation)
    {
        var error = await Assert.ThrowsAsync<ToolException>(() => GetAsync(Home + path));

        Assert.Equal((explanation, ToolErrorKind.Failed), (error.Message, error.Kind));
    }

    [Fact]
    public async Task Redirects_are_followed_up_to_five() =>
        Assert.EndsWith("plain words", await GetAsync($"{Home}/hop/4"), StringComparison.Ordinal);

    [Theory]
    [InlineData("http://127.0.0.1:{0}/text", "127.0.0.1 is not a public address and is not allowed here.")]
    [InlineData("http://[::1]:{0}/text", "::1 is not a public address and is not allowed here.")]
    [InlineData("http://169.254.169.254/latest/meta-data/", "169.254.169.254 is not a public address and is not allowed here.")]
    [InlineData("http://localhost:1/text", "localhost is not a public address and is not allowed here.")]
    [InlineData("file:///etc/passwd", "Only http and https URLs are allowed here.")]
    public async Task A_redirect_to_a_private_place_is_refused(string target, string explanation)
    {
        var url = Uri.EscapeDataString(string.Format(System.Globalization.CultureInfo.InvariantCulture, target, _site.Port));

        var error = await Assert.ThrowsAsync<ToolException>(() => GetAsync($"{Home}/to?url={url}"));

        Assert.Equal((explanation, ToolErrorKind.Refused), (error.Message, error.Kind));
        Assert.Equal(1, _site.Requests);
    }

    [Fact]
    public async Task Allowing_a_name_does_not_allow_its_address()
    {
        var error = await Assert.ThrowsAsync<ToolException>(() => GetAsync($"http://127.0.0.1:{_site.Port}/text"));

        Assert.Equal(ToolErrorKind.Refused, error.Kind);
        Assert.Equal(0, _site.Requests);
    }

    [Fact]
    public async Task A_name_that_does_not_exist_is_told_so() =>
        Assert.Equal(
            "nothing-here.invalid could not be reached: there is no such host.",
            (await Assert.ThrowsAsync<ToolException>(() => GetAsync("http://nothing-here.invalid/"))).Message);

    [Fact]
    public async Task A_server_that_is_not_there_is_explained_without_details()
    {
        var port = _site.Port;
        await _site.DisposeAsync();

        var error = await Assert.ThrowsAsync<ToolException>(() => GetAsync($"http://localhost:{port}/text"));

        Assert.Equal("localhost could not be reached: nothing answered there.", error.Message);
    }

    private Task<string> GetAsync(string url) => _tool.GetAsync(url, ToolBench.Call, TestContext.Current.CancellationToken);
}
