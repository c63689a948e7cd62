using System.Globalization;

namespace AgentPlatform.Tests.EndToEnd.Outages;

/// <summary>A process and its children: Postgres serves each connection by a process of its own.</summary>
internal static class ProcessTree
{
    /// <summary>Parents first.</summary>
    public static List<int> Of(int root)
    {
        var children = All().ToLookup(process => process.Parent, process => process.Pid);
        var tree = new List<int> { root };
        for (var i = 0; i < tree.Count; i++)
        {
            tree.AddRange(children[tree[i]]);
        }

        return tree;
    }

    /// <summary>Whether any of them still does something: a signal takes effect a moment after it was sent.</summary>
    public static bool IsRunning(List<int> pids) => All().Any(process => pids.Contains(process.Pid) && process.State is not ("T" or "Z" or "X"));

    private static List<(int Pid, int Parent, string State)> All() =>
        [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Select(pid => Read(pid!)).OfType<(int, int, string)>()];

    private static (int Pid, int Parent, string State)? Read(string pid)
    {
        try
        {
            // The name stands in brackets and may hold anything.
            var fields = File.ReadAllText($"/proc/{pid}/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return (Number(pid), Number(fields[1]), fields[0]);
        }
        catch (IOException)
        {
            // It ended meanwhile.
            return null;
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
