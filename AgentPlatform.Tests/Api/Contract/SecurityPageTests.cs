using System.Text.RegularExpressions;
using Xunit;

namespace AgentPlatform.Tests.Api.Contract;

/// <summary>The page that says what is enforced names the tests that show it.</summary>
public sealed partial class SecurityPageTests
{
    [Fact]
    public async Task Every_test_that_the_page_names_exists()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Snapshot.Root(), "docs/security.md"), TestContext.Current.CancellationToken);
        var named = TestName().Matches(page).Select(name => name.Groups[1].Value).Distinct().ToList();
        var tests = typeof(SecurityPageTests).Assembly.GetTypes().Select(type => type.Name).ToHashSet(StringComparer.Ordinal);

        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(name, tests));
        Assert.All(Enumerable.Range(1, 10), number => Assert.Contains($"LLM{number:00}", page, StringComparison.Ordinal));
        Assert.All(Enumerable.Range(1, 10), number => Assert.Contains($"ASI{number:00}", page, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"`(\w+Tests)`")]
    private static partial Regex TestName();
}
