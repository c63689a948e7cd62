using AgentPlatform.Executor.Agents;
using AgentPlatform.Executor.Agents.Files;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace AgentPlatform.Tests.Executor.Agents;

public sealed class AgentCatalogueTests : IDisposable
{
    private readonly AgentBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_bad_file_ends_the_start_with_every_error()
    {
        _bench.Write("a.yaml", AgentBench.Minimal("a", "temperature: 9"));
        _bench.Write("b.yml", "name: b");

        var error = Assert.Throws<AgentFilesException>(() => _bench.Catalogue());

        Assert.Equal(3, error.Errors.Count);
        Assert.Contains("agents/a.yaml:4:14: temperature", error.Message, StringComparison.Ordinal);
        Assert.Contains("agents/b.yml:1:1: description", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_folder_ends_the_start_with_the_remedy() =>
        Assert.EndsWith(
            "there is no agent here: add a file such as default.yaml, or set Agents:Directory",
            Assert.Throws<AgentFilesException>(() => _bench.Catalogue("elsewhere")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_valid_change_is_taken_over_and_the_old_version_stays_reachable()
    {
        _bench.Write("a.yaml", AgentBench.Minimal("a"));
        var catalogue = _bench.Catalogue();
        var old = catalogue.Find("a")!;
        var tag = catalogue.ETag;
        var changes = 0;
        catalogue.Changed += () => changes++;

        _bench.Write("a.yaml", AgentBench.Minimal("a", "temperature: 1"));
        _bench.Write("b.yaml", AgentBench.Minimal("b"));
        catalogue.Reload();

        Assert.Equal(["a", "b"], catalogue.Current.Select(agent => agent.Name));
        Assert.Equal(1, catalogue.Find("a")!.Temperature);
        Assert.Same(old, catalogue.FindVersion("a", old.Version));
        Assert.NotEqual(tag, catalogue.ETag);
        Assert.Equal(1, changes);
    }

    [Fact]
    public void An_invalid_change_is_logged_once_and_changes_nothing()
    {
        _bench.Write("a.yaml", AgentBench.Minimal("a"));
        var catalogue = _bench.Catalogue();
        var tag = catalogue.ETag;
        catalogue.Changed += () => Assert.Fail("nothing changed");

        _bench.Write("b.yaml", AgentBench.Minimal("b", "temperature: 9"));
        catalogue.Reload();
        catalogue.Reload();

        Assert.Equal(["a"], catalogue.Current.Select(agent => agent.Name));
        Assert.Equal(tag, catalogue.ETag);
        var error = Assert.Single(_bench.Log.Lines, line => line.Level == LogLevel.Error);
        Assert.Contains("agents/b.yaml:4:14: temperature: it must be from 0 to 2, not 9", error.Text, StringComparison.Ordinal);

        Directory.Delete(_bench.Folder, recursive: true);
        catalogue.Reload();
        Assert.Equal(["a"], catalogue.Current.Select(agent => agent.Name));
    }

    [Fact]
    public void A_mended_file_is_taken_after_a_broken_one()
    {
        _bench.Write("a.yaml", AgentBench.Minimal("a"));
        var catalogue = _bench.Catalogue();
        _bench.Write("a.yaml", "name: [");
        catalogue.Reload();

        _bench.Write("a.yaml", AgentBench.Minimal("a", "max_tokens: 7"));
        catalogue.Reload();

        Assert.Equal(7, catalogue.Find("a")!.MaxTokens);
    }

    [Fact]
    public void A_comment_is_no_change()
    {
        _bench.Write("a.yaml", AgentBench.Minimal("a"));
        var catalogue = _bench.Catalogue();
        catalogue.Changed += () => Assert.Fail("nothing changed");

        _bench.Write("a.yaml", "# hello\n" + AgentBench.Minimal("a"));
        catalogue.Reload();
    }

    [Fact]
    public void What_callers_see_names_tools_effects_and_the_models_settings()
    {
        _bench.Write("a.yaml", AgentBench.Minimal("a", "tools: [clock, calculator]\ntemperature: 0"));
        _bench.Write("b.yaml", AgentBench.Minimal("b", "temperature: 0.5"));
        _bench.Write("c.yaml", AgentBench.Minimal("c", "temperature: 0.5\nmodel: small"));
        var set = _bench.Catalogue().Set;

        var info = set.Describe("a")!;

        Assert.Equal(["clock:Read", "calculator:Pure"], info.Tools.Select(tool => $"{tool.Name}:{tool.Effect}"));
        Assert.Equal(set.Find("a")!.Version, info.Version);
        Assert.Matches("^[0-9a-f]{16}$", info.ModelSettings);
        Assert.Equal(3, new[] { "a", "b", "c" }.Select(name => set.Describe(name)!.ModelSettings).Distinct().Count());
        Assert.DoesNotContain("Say hello.", System.Text.Encoding.UTF8.GetString(set.Json), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_on_disk_is_noticed()
    {
        _bench.Write("a.yaml", AgentBench.Minimal("a"));
        var catalogue = _bench.Catalogue();
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        catalogue.Changed += () => changed.TrySetResult();
        using var watcher = new AgentWatcher(
            new Lazy<AgentCatalogue>(catalogue), _bench.Files, Options.Create(new AgentOptions { PollInterval = TimeSpan.FromSeconds(1) }), TimeProvider.System, new CapturedLog<AgentWatcher>());
        await watcher.StartAsync(TestContext.Current.CancellationToken);

        _bench.Write("a.yaml", AgentBench.Minimal("a", "max_tokens: 9"));

        await changed.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal(9, catalogue.Find("a")!.MaxTokens);
        await watcher.StopAsync(TestContext.Current.CancellationToken);
    }
}
