using System.Net;
using AgentPlatform.Executor.Tools.Outgoing;
using Xunit;

namespace AgentPlatform.Tests.Executor.Tools.Outgoing;

public sealed class OutgoingTests : IAsyncLifetime
{
    private OutgoingBench _bench = null!;

    public async ValueTask InitializeAsync() => _bench = await OutgoingBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Hostile_urls_are_refused_without_a_connection()
    {
        var urls = HostileUrls.At(_bench.Canary.Port).ToList();
        Assert.True(urls.Count >= 60, $"only {urls.Count} URLs");

        var passed = new List<string>();
        foreach (var url in urls)
        {
            passed.AddRange(await _bench.NotRefusedAsync(url) is { } what ? [what] : []);
        }

        Assert.Empty(passed);
        Assert.Empty(_bench.Network.Attempts);
        Assert.Equal(0, _bench.Canary.Connections);
    }

    /// <summary>As a tool of another kind would use the door: any method, by the handler alone.</summary>
    [Fact]
    public async Task The_door_itself_refuses_them_too()
    {
        using var client = new HttpClient(_bench.Network.Http.NewHandler(OutgoingHosts.None));
        var uris = HostileUrls.At(_bench.Canary.Port)
            .Select(url => Uri.TryCreate(url, UriKind.Absolute, out var uri) && !uri.IsFile ? uri : null).OfType<Uri>().ToList();

        foreach (var uri in uris)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, uri) { Content = new StringContent("{}"), Version = HttpVersion.Version30 };
            var error = await Record.ExceptionAsync(() => client.SendAsync(request, TestContext.Current.CancellationToken));
            Assert.True(error is OutgoingRefusedException, $"{uri}: {error}");
        }

        Assert.InRange(uris.Count, 60, 200);
        Assert.Empty(_bench.Network.Attempts);
        Assert.Equal(0, _bench.Canary.Connections);
    }

    [Fact]
    public async Task A_public_place_is_reached_at_the_address_that_was_judged()
    {
        Assert.Contains("a public page", await _bench.GetAsync("http://public.example/page"), StringComparison.Ordinal);
        Assert.Contains("a public page", await _bench.GetAsync($"http://{TestNetwork.PublicAddress}:8080/page"), StringComparison.Ordinal);

        Assert.Equal(["93.184.215.14:80", "93.184.215.14:8080"], _bench.Network.Attempts.Select(attempt => attempt.ToString()));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_from_a_public_place_to_a_private_one_is_refused(int status)
    {
        string[] targets =
        [
            $"http://127.0.0.1:{_bench.Canary.Port}/", $"http://localtest.me:{_bench.Canary.Port}/", $"http://[::ffff:127.0.0.1]:{_bench.Canary.Port}/",
            $"//127.0.0.1:{_bench.Canary.Port}/", $"http://public.example@127.0.0.1:{_bench.Canary.Port}/", "http://169.254.169.254/latest/meta-data/",
            "file:///etc/passwd", $"gopher://127.0.0.1:{_bench.Canary.Port}/", "ftp://public.example/",
        ];
        foreach (var target in targets)
        {
            Assert.Null(await _bench.NotRefusedAsync(Redirect(status, target)));
            Assert.Null(await _bench.NotRefusedAsync(Redirect(302, Redirect(status, target))));
        }

        Assert.All(_bench.Network.Attempts, attempt => Assert.Equal(TestNetwork.PublicAddress, attempt.Address.ToString()));
        Assert.Equal(0, _bench.Canary.Connections);
        Assert.Equal(targets.Length * 3, _bench.Site.Requests);
    }

    [Fact]
    public async Task A_redirect_to_a_public_place_is_followed() =>
        Assert.Contains("a public page", await _bench.GetAsync(Redirect(307, Redirect(301, "/page"))), StringComparison.Ordinal);

    [Fact]
    public async Task A_name_that_becomes_private_after_the_check_is_never_reached_there()
    {
        _bench.Network.Name("rebind.example", TestNetwork.PublicAddress, "127.0.0.1");

        Assert.Contains("a public page", await _bench.GetAsync($"http://rebind.example:{_bench.Canary.Port}/page"), StringComparison.Ordinal);
        Assert.Equal("rebind.example", Assert.Single(_bench.Network.Lookups));
        Assert.Null(await _bench.NotRefusedAsync($"http://rebind.example:{_bench.Canary.Port}/page"));

        Assert.Equal(TestNetwork.PublicAddress, Assert.Single(_bench.Network.Attempts).Address.ToString());
        Assert.Equal(0, _bench.Canary.Connections);
    }

    [Fact]
    public async Task A_name_that_becomes_private_for_the_redirect_is_refused()
    {
        _bench.Network.Name("rebind.example", TestNetwork.PublicAddress, "127.0.0.1");

        // Another port, so that another connection is needed.
        Assert.Null(await _bench.NotRefusedAsync(
            $"http://rebind.example/to?status=302&url={Uri.EscapeDataString($"http://rebind.example:{_bench.Canary.Port}/")}"));

        Assert.Single(_bench.Network.Attempts);
        Assert.Equal(0, _bench.Canary.Connections);
    }

    [Fact]
    public async Task A_host_allowed_by_name_is_reached_and_no_other_spelling_or_port_of_it()
    {
        var port = _bench.Site.Port;
        _bench.Network.Name("intranet.example", "127.0.0.1");
        string[] allowed = [$"localhost:{port}", $"intranet.example:{port}"];

        Assert.Contains("a public page", await _bench.GetAsync($"http://localhost:{port}/page", allowed), StringComparison.Ordinal);
        Assert.Contains("a public page", await _bench.GetAsync($"http://INTRANET.example:{port}/page", allowed), StringComparison.Ordinal);
        foreach (var other in new[] { $"http://127.0.0.1:{port}/", $"http://localhost:{_bench.Canary.Port}/", $"http://localhost.:{port}/", $"http://localtest.me:{port}/", "http://intranet.example/" })
        {
            var error = await Assert.ThrowsAsync<ToolException>(() => _bench.GetAsync(other, allowed));
            Assert.Equal(ToolErrorKind.Refused, error.Kind);
        }

        Assert.Equal(2, _bench.Site.Requests);
        Assert.Equal(0, _bench.Canary.Connections);
    }

    private static string Redirect(int status, string target) =>
        FormattableString.Invariant($"http://public.example/to?status={status}&url={Uri.EscapeDataString(target)}");
}
