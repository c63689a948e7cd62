using System.Net;
using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Tests.Redis;
using Xunit;

namespace AgentPlatform.Tests.Api.ExecutorClient;

public sealed class AgentDirectoryTests(TestRedis redis) : RunPath(redis)
{
    private static readonly (string, string) AlwaysAsk = ("ExecutorClient:CatalogueAge", "00:00:00");

    [Fact]
    public async Task Everybody_who_needs_it_at_once_shares_one_request_and_then_none()
    {
        var executor = await ExecutorAsync();
        var directory = (await FrontAsync(executor, ("ExecutorClient:CatalogueAge", "00:01:00"))).Get<AgentDirectory>();

        var catalogues = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => directory.GetAsync(Stop).AsTask()));
        var later = await directory.GetAsync(Stop);

        Assert.All(catalogues, catalogue => Assert.Same(later, catalogue));
        Assert.Equal(FakeRun.Version, later!.Find("default")!.Version);
        Assert.Null(later.Find("Default"));
        Assert.Equal([200], executor.CatalogueReads);
    }

    [Fact]
    public async Task It_is_sent_again_only_when_it_changed()
    {
        var executor = await ExecutorAsync();
        var directory = (await FrontAsync(executor, AlwaysAsk)).Get<AgentDirectory>();

        var first = await directory.GetAsync(Stop);
        Assert.Same(first, await directory.GetAsync(Stop));
        executor.Agents = [FakeRun.Agent("researcher")];
        executor.ETag = "\"2\"";
        var changed = await directory.GetAsync(Stop);

        Assert.NotNull(changed!.Find("researcher"));
        Assert.Equal([200, 304, 200], executor.CatalogueReads);
    }

    [Fact]
    public async Task The_last_one_seen_outlives_its_executor()
    {
        var executor = await ExecutorAsync();
        var directory = (await FrontAsync(executor, AlwaysAsk)).Get<AgentDirectory>();
        var seen = await directory.GetAsync(Stop);

        executor.AgentsStatus = HttpStatusCode.InternalServerError;
        Assert.Same(seen, await directory.GetAsync(Stop));
        await executor.DisposeAsync();
        Assert.Same(seen, await directory.GetAsync(Stop));
    }

    [Fact]
    public async Task Nothing_seen_is_nothing_known()
    {
        var directory = (await FrontAsync([Nobody], AlwaysAsk)).Get<AgentDirectory>();

        Assert.Null(await directory.GetAsync(Stop));
    }

    [Fact]
    public async Task A_caller_who_leaves_does_not_take_it_from_the_others()
    {
        var executor = await ExecutorAsync();
        var directory = (await FrontAsync(executor)).Get<AgentDirectory>();
        using var left = new CancellationTokenSource();
        await left.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => directory.GetAsync(left.Token).AsTask());
        Assert.NotNull(await directory.GetAsync(Stop));
    }
}
