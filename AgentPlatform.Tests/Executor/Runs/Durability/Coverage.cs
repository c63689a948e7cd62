using System.Collections.Concurrent;
using Xunit;

namespace AgentPlatform.Tests.Executor.Runs.Durability;

/// <summary>What the generated cases met: a property that is never put to the test proves nothing.</summary>
internal sealed class Coverage
{
    private readonly ConcurrentDictionary<string, int> _met = [];

    public void Count(string what) => _met.AddOrUpdate(what, 1, (_, count) => count + 1);

    public void AssertMet(params string[] all) => Assert.All(all, one => Assert.True(_met.ContainsKey(one), $"No case met '{one}'. {this}"));

    public override string ToString() => string.Join(", ", _met.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}: {pair.Value}"));
}
