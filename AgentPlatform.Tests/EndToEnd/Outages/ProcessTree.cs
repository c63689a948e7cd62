using System.Diagnostics;
using System.Globalization;

namespace AgentPlatform.Tests.EndToEnd.Outages;

/// <summary>A process and its children: Postgres serves each connection by a process of its own.</summary>
internal static class ProcessTree
{
    /// <summary>Parents first.</summary>
    public static List<int> Of(int root)
    {
        using var ps = Process.Start(new ProcessStartInfo("ps", ["-A", "-o", "pid=,ppid="]) { RedirectStandardOutput = true })!;
        var parents = ps.StandardOutput.ReadToEnd()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(number => int.Parse(number, CultureInfo.InvariantCulture)).ToArray())
            .ToLookup(pair => pair[1], pair => pair[0]);
        ps.WaitForExit();
        var tree = new List<int> { root };
        for (var i = 0; i < tree.Count; i++)
        {
            tree.AddRange(parents[tree[i]]);
        }

        return tree;
    }
}
