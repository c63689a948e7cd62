using AgentPlatform.Executor.Agents;
using AgentPlatform.Tests.Executor.Tools.Outgoing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentPlatform.Tests.Executor.Tools.OpenApi;

/// <summary>A document with a URL: absent until it can be had, kept when it no longer can, never a reason to fail.</summary>
public sealed class OpenApiRemoteTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private WebSite _site = null!;
    private OpenApiBench _bench = null!;
    private IResult _answer = Results.StatusCode(503);
    private AgentCatalogue _catalogue = null!;

    public async ValueTask InitializeAsync()
    {
        _site = await WebSite.StartAsync(routes => routes.MapGet("/{**path}", () => _answer), TestContext.Current.CancellationToken);
        _bench = new OpenApiBench(_time, ("OpenApi:AllowedHosts:0", $"localhost:{_site.Port}"), ("OpenApi:MaxDocumentBytes", "20000"), ("Secrets:notes", "s3cret"));
        Write("");
        _catalogue = _bench.Catalogue();
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        await _site.DisposeAsync();
    }

    [Fact]
    public async Task Its_tools_come_when_it_can_be_had_and_stay_when_it_cannot()
    {
        var without = _catalogue.Find("shop")!.Version;
        Assert.Empty(Names);

        await LookAsync();
        await LookAsync();
        Assert.Equal((1, without), (_site.Requests, _catalogue.Find("shop")!.Version));

        Serve(SmallDocument.Json);
        await LookAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(["get_note", "putNote", "post_search"], Names);
        var with = _catalogue.Find("shop")!.Version;
        Assert.NotEqual(without, with);

        foreach (var broken in new[] { Results.StatusCode(500), Results.Text("{"), Results.Text("{}"), Results.Redirect("http://127.0.0.1:1/"), Results.Text(new string(' ', 30_000)) })
        {
            _answer = broken;
            await LookAsync(TimeSpan.FromMinutes(5));
        }

        Assert.Equal((7, with), (_site.Requests, _catalogue.Find("shop")!.Version));
        Serve(SmallDocument.Json.Replace("putNote", "saveNote", StringComparison.Ordinal));
        await LookAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(["get_note", "saveNote", "post_search"], Names);
    }

    [Fact]
    public async Task It_is_asked_for_less_and_less_often()
    {
        var asked = new List<int>();
        for (var second = 0; second < 130; second++)
        {
            await LookAsync(TimeSpan.FromSeconds(1));
            asked.Add(_site.Requests);
        }

        // After 1, 2, 4, 8, 16, 32 and then 60 seconds.
        Assert.Equal(8, asked[^1]);
    }

    [Fact]
    public async Task What_it_no_longer_has_is_lacking_and_the_rest_works()
    {
        Write("operations: [putNote, get note]", "approval: { tools: [putNote] }\n");
        _catalogue.Reload();
        Serve(SmallDocument.Json);
        await LookAsync();
        Assert.Equal(["get_note", "putNote"], Names);

        Serve(SmallDocument.Json.Replace("putNote", "saveNote", StringComparison.Ordinal));
        await LookAsync(TimeSpan.FromMinutes(5));

        Assert.Equal(["get_note"], Names);
        Assert.Equal(["putNote"], _catalogue.Find("shop")!.Approval.Tools);
        Assert.DoesNotContain(_bench.Log.Lines, line => line.Text.Contains("stay as they were", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_cannot_send_secrets_to_a_server_of_its_choice()
    {
        Write("credentials: { key: notes }");
        _catalogue.Reload();
        Serve(SmallDocument.Json);
        await LookAsync();
        Assert.Empty(Names);

        Serve(SmallDocument.Json.Replace("https://notes.example.org/v1", "/v1", StringComparison.Ordinal));
        await LookAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(3, Names.Count);
        Assert.All(_catalogue.Find("shop")!.OpenApi!, tool => Assert.Equal($"http://localhost:{_site.Port}/v1", tool.Server));
    }

    [Fact]
    public async Task It_is_fetched_through_the_guarded_door()
    {
        await using var canary = new Canary();
        Write("", url: $"http://127.0.0.1:{canary.Port}/notes.json");
        _catalogue.Reload();
        await LookAsync();

        Assert.Empty(Names);
        Assert.Equal(0, canary.Connections);
    }

    [Fact]
    public async Task The_start_waits_for_it_and_it_is_looked_at_again()
    {
        Serve(SmallDocument.Json);
        using var refresher = new DocumentRefresher(new Lazy<AgentCatalogue>(_catalogue), _bench.Documents, _time);
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        await refresher.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["get_note", "putNote", "post_search"], Names);

        _catalogue.Changed += () => changed.TrySetResult();
        Serve(SmallDocument.Json.Replace("putNote", "saveNote", StringComparison.Ordinal));
        while (!changed.Task.IsCompleted)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            _time.Advance(TimeSpan.FromMinutes(5));
            await Task.WhenAny(changed.Task, Task.Delay(50, TestContext.Current.CancellationToken));
        }

        Assert.Equal(["get_note", "saveNote", "post_search"], Names);
        await refresher.StopAsync(TestContext.Current.CancellationToken);
    }

    private IReadOnlyList<string> Names => [.. _bench.Tools.Resolve(_catalogue.Find("shop")!).Tools.Select(tool => tool.Name)];

    private void Serve(string text) => _answer = Results.Text(text, "application/json");

    private async Task LookAsync(TimeSpan later = default)
    {
        _time.Advance(later);
        await _bench.Documents.RefreshAsync(TestContext.Current.CancellationToken);
        _catalogue.Reload();
    }

    private void Write(string more, string before = "", string? url = null) => _bench.Write(
        "shop.yaml", OpenApiBench.Agent($"  - document: {url ?? $"http://localhost:{_site.Port}/notes.json"}\n    {more}\n", before));
}
