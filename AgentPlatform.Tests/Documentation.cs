namespace AgentPlatform.Tests;

/// <summary>Examples as they stand in <c>docs/</c>.</summary>
internal static class Documentation
{
    /// <param name="page">File below <c>docs</c>.</param>
    /// <param name="section">The example is the first one of its language after this heading.</param>
    public static string Example(string page, string section, string language)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "AgentPlatform.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("no folder above the tests holds the solution");
        }

        var text = File.ReadAllText(Path.Combine(folder.FullName, "docs", page));
        var fence = $"```{language}\n";
        var start = text.IndexOf(fence, text.IndexOf($"{section}\n", StringComparison.Ordinal), StringComparison.Ordinal) + fence.Length;
        return text[start..text.IndexOf("```", start, StringComparison.Ordinal)];
    }
}
