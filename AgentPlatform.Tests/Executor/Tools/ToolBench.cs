using AgentPlatform.Executor.Tools;
using AgentPlatform.ServiceDefaults.Secrets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentPlatform.Tests.Executor.Tools;

/// <summary>A catalogue of the test plugin and an invoker on a fake clock.</summary>
internal sealed class ToolBench
{
    public ToolBench()
    {
        Catalogue = CatalogueOf<TestPlugin>(Plugin);
        Invoker = new ToolInvoker(SecretMask.None, Time, Log);
    }

    public TestPlugin Plugin { get; } = new();

    public FakeTimeProvider Time { get; } = new();

    public CapturedLog<ToolInvoker> Log { get; } = new();

    public ToolCatalogue Catalogue { get; }

    public ToolInvoker Invoker { get; }

    public static ToolCallContext Call { get; } =
        new("acme", Guid.Parse("0197d0c0-0000-7000-8000-000000000001"), "call_1", "default", SessionId: null);

    public static ToolCatalogue CatalogueOf<TPlugin>(TPlugin plugin)
        where TPlugin : class =>
        new(new ServiceCollection().AddSingleton(plugin).BuildServiceProvider(), [new ToolPlugin(typeof(TPlugin))]);

    public Task<ToolResult> InvokeAsync(string tool, string arguments, CancellationToken? cancellationToken = null) =>
        Invoker.InvokeAsync(Catalogue.Find(tool)!, arguments, Call, cancellationToken ?? TestContext.Current.CancellationToken);
}
