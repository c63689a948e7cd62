using System.Diagnostics;
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
    public static bool IsRunning(List<int> pids) => All().Any(process => pids.Contains(process.Pid) && process.State is not ('T' or 'Z'));

    private static List<(int Pid, int Parent, char State)> All()
    {
        using var ps = Process.Start(new ProcessStartInfo("ps", ["-A", "-o", "pid=,ppid=,state="]) { RedirectStandardOutput = true })!;
        var lines = ps.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        ps.WaitForExit();
        return [.. lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(fields => (Number(fields[0]), Number(fields[1]), fields[2][0]))];
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
