using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Xunit;

namespace AgentPlatform.Tests.Api.Contract;

public sealed partial class ContractDocumentTests(ContractApi api) : IClassFixture<ContractApi>
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "patch"];

    [Fact]
    public async Task The_committed_document_is_what_the_API_says() =>
        Snapshot.Matches("docs/openapi/v1.json", await DocumentAsync());

    [Fact]
    public async Task Every_documented_route_answers()
    {
        foreach (var (method, path, _) in await OperationsAsync())
        {
            var place = path.Replace("{run_id}", Samples.RunId.ToString(), StringComparison.Ordinal)
                .Replace("{session_id}", "order-4711", StringComparison.Ordinal)
                .Replace("{key_id}", Samples.RunId.ToString(), StringComparison.Ordinal)
                .Replace("{call_id}", "c2", StringComparison.Ordinal)
                .Replace("{tool}", "bank__transfer", StringComparison.Ordinal)
                .Replace("{name}", "default", StringComparison.Ordinal)
                .Replace("{response_id}", $"resp_{Samples.RunId:N}", StringComparison.Ordinal);
            using var request = new HttpRequestMessage(HttpMethod.Parse(method), place);
            using var response = await api.Client.SendAsync(request, TestContext.Current.CancellationToken);
            if (response.StatusCode == HttpStatusCode.NotFound && path.Contains("{response_id}", StringComparison.Ordinal))
            {
                // The sample was asked for in another way: its route says so itself.
                Assert.Contains("response_not_found", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
                continue;
            }

            Assert.False(
                response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed || (int)response.StatusCode == 500,
                $"{method} {path}: {response.StatusCode}");
        }
    }

    [Fact]
    public async Task Every_operation_says_what_it_does_and_how_it_fails()
    {
        foreach (var (method, path, operation) in await OperationsAsync())
        {
            Assert.True(operation.TryGetProperty("summary", out _), $"{method} {path} has no summary.");
            Assert.True(operation.TryGetProperty("operationId", out _), $"{method} {path} has no name.");
            foreach (var response in operation.GetProperty("responses").EnumerateObject().Where(response => response.Name[0] is '4' or '5'))
            {
                Assert.False(string.IsNullOrEmpty(response.Value.GetProperty("description").GetString()));
            }
        }
    }

    [Fact]
    public async Task Every_route_has_a_request_to_try()
    {
        var file = await File.ReadAllTextAsync(
            Path.Combine(Snapshot.Root(), "AgentPlatform.Api/AgentPlatform.Api.http"), TestContext.Current.CancellationToken);
        var tried = RequestLine().Matches(file).Select(line => $"{line.Groups["method"].Value.ToLowerInvariant()} {line.Groups["path"].Value}").ToHashSet();
        foreach (var (method, path, _) in await OperationsAsync())
        {
            var pattern = new Regex($"^{method} {Regex.Replace(Regex.Escape(path), @"\\\{\w+}", "[^/]+")}$");
            Assert.True(tried.Any(pattern.IsMatch), $"AgentPlatform.Api.http has no request for {method} {path}.");
        }
    }

    [Fact]
    public async Task The_docs_page_comes_whole_from_the_API()
    {
        using var page = await api.Client.GetAsync(new Uri("/docs", UriKind.Relative), TestContext.Current.CancellationToken);
        var html = await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.DoesNotContain("://", html.Replace("http://www.w3.org", "", StringComparison.Ordinal), StringComparison.Ordinal);
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        var nonce = NonceInPolicy().Match(policy).Groups[1].Value;
        Assert.Contains($"nonce=\"{nonce}\"", html, StringComparison.Ordinal);
        foreach (Match script in ScriptSource().Matches(html))
        {
            using var source = await api.Client.GetAsync(
                new Uri(page.RequestMessage!.RequestUri!, script.Groups[1].Value), TestContext.Current.CancellationToken);
            Assert.True(source.StatusCode == HttpStatusCode.OK, $"{script.Groups[1].Value}: {source.StatusCode}");
            Assert.Equal("nosniff", source.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Contains("javascript", source.Content.Headers.ContentType?.MediaType, StringComparison.Ordinal);
        }

        Assert.NotEmpty(ScriptSource().Matches(html));
    }

    private async Task<string> DocumentAsync() =>
        await api.Client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative), TestContext.Current.CancellationToken);

    private async Task<IReadOnlyList<(string Method, string Path, JsonElement Operation)>> OperationsAsync() =>
    [
        .. from path in JsonElement.Parse(await DocumentAsync()).GetProperty("paths").EnumerateObject()
           from operation in path.Value.EnumerateObject()
           where Methods.Contains(operation.Name)
           select (operation.Name, path.Name, operation.Value),
    ];

    [GeneratedRegex("""nonce-([^']+)'""")]
    private static partial Regex NonceInPolicy();

    [GeneratedRegex("""<script[^>]* src="([^"]+)""")]
    private static partial Regex ScriptSource();

    [GeneratedRegex("""^(?<method>GET|PUT|POST|DELETE) \{\{host}}(?<path>/[^\s?]*)""", RegexOptions.Multiline)]
    private static partial Regex RequestLine();
}
