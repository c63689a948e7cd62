using AgentPlatform.Executor.Tools.Http;
using AgentPlatform.Executor.Tools.HttpGet;
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
            options, new HttpToolBulkheads(Options.Create(new HttpToolLimits()), TestCircuits.Metrics()), TestCircuits.New(), TimeProvider.System);
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
    [InlineData("http://127.0.0.1:{0}/text", "127.0.0.1 is not a public address and may not be fetched.")]
    [InlineData("http://[::1]:{0}/text", "::1 is not a public address and may not be fetched.")]
    [InlineData("http://169.254.169.254/latest/meta-data/", "169.254.169.254 is not a public address and may not be fetched.")]
    [InlineData("http://localhost:1/text", "localhost is not a public address and may not be fetched.")]
    [InlineData("file:///etc/passwd", "Only http and https URLs may be fetched.")]
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

    /// <summary>Each names this machine, a private network or no web page; none may open a connection to the site.</summary>
    [Theory]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("http://127.1:{0}/")]
    [InlineData("http://2130706433:{0}/")]
    [InlineData("http://0x7f000001:{0}/")]
    [InlineData("http://0x7f.0.0.1:{0}/")]
    [InlineData("http://0177.0.0.1:{0}/")]
    [InlineData("http://127.255.255.254:{0}/")]
    [InlineData("http://0.0.0.0:{0}/")]
    [InlineData("http://0:{0}/")]
    [InlineData("http://[::]:{0}/")]
    [InlineData("http://[::1]:{0}/")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/")]
    [InlineData("http://[::ffff:7f00:1]:{0}/")]
    [InlineData("http://[64:ff9b::7f00:1]:{0}/")]
    [InlineData("http://[2002:7f00:1::]:{0}/")]
    [InlineData("http://[fe80::1]:{0}/")]
    [InlineData("http://[fd00::1]:{0}/")]
    [InlineData("http://10.0.0.1:{0}/")]
    [InlineData("http://172.16.0.1:{0}/")]
    [InlineData("http://192.168.1.1:{0}/")]
    [InlineData("http://100.64.0.1:{0}/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://168.63.129.16/")]
    [InlineData("http://224.0.0.1/")]
    [InlineData("http://255.255.255.255/")]
    [InlineData("http://①②⑦.0.0.1:{0}/")]
    [InlineData("http://127。0。0。1:{0}/")]
    [InlineData("http://user:secret@localhost:{0}/text")]
    [InlineData("http://localhost:{0}@127.0.0.1:{0}/text")]
    [InlineData("https://127.0.0.1:{0}/")]
    [InlineData("ftp://localhost:{0}/text")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://localhost:{0}/text")]
    [InlineData("data:text/plain,hello")]
    [InlineData("//localhost:{0}/text")]
    [InlineData("/etc/passwd")]
    [InlineData("http://")]
    [InlineData("")]
    public async Task Hostile_addresses_are_refused_before_anything_is_sent(string pattern)
    {
        var url = string.Format(System.Globalization.CultureInfo.InvariantCulture, pattern, _site.Port);

        var error = await Assert.ThrowsAsync<ToolException>(() => GetAsync(url));

        Assert.True(error.Kind is ToolErrorKind.Refused, error.Message);
        Assert.Equal(0, _site.Requests);
    }

    [Theory]
    [InlineData("http://localhost.:{0}/text")]
    [InlineData("http://nothing-here.invalid/")]
    public async Task Other_spellings_of_a_name_are_not_the_name(string pattern)
    {
        var url = string.Format(System.Globalization.CultureInfo.InvariantCulture, pattern, _site.Port);

        await Assert.ThrowsAsync<ToolException>(() => GetAsync(url));

        Assert.Equal(0, _site.Requests);
    }

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
