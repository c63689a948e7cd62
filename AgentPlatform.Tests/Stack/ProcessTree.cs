using System.Globalization;

namespace AgentPlatform.Tests.Stack;

/// <summary>A process and all that descend from it, from <c>/proc</c> (Linux).</summary>
internal static class ProcessTree
{
    public static IReadOnlyList<int> Of(int root)
    {
        var parents = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? (Id: id, Parent: ParentOf(id)) : default)
            .Where(process => process.Parent is not null)
            .ToLookup(process => process.Parent!.Value, process => process.Id);
        List<int> all = [root];
        for (var at = 0; at < all.Count; at++)
        {
            all.AddRange(parents[all[at]]);
        }

        return all;
    }

    private static int? ParentOf(int id)
    {
        try
        {
            // The second field is the name in brackets, which may hold anything.
            var line = File.ReadAllText($"/proc/{id}/stat");
            return int.Parse(line[(line.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // Ended meanwhile.
            return null;
        }
    }
}
