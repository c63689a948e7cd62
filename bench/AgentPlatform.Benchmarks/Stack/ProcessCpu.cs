using System.Globalization;

namespace AgentPlatform.Benchmarks.Stack;

/// <summary>CPU time of processes, from <c>/proc</c> (Linux): another process's children are not to be had portably. Elsewhere it is zero.</summary>
internal static class ProcessCpu
{
    // USER_HZ, which the kernel's interface fixes at 100.
    private const double TicksPerSecond = 100;

    /// <summary>User and system time of a process and all living descendants.</summary>
    public static TimeSpan OfTree(int pid)
    {
        if (!OperatingSystem.IsLinux())
        {
            return TimeSpan.Zero;
        }

        var all = Directory.EnumerateDirectories("/proc")
            .Select(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? Read(id) : null)
            .OfType<Stat>()
            .ToList();
        var children = all.ToLookup(stat => stat.Parent);
        return TimeSpan.FromSeconds(Sum(all.First(stat => stat.Id == pid)) / TicksPerSecond);

        long Sum(Stat stat) => stat.Ticks + children[stat.Id].Sum(Sum);
    }

    private static Stat? Read(int pid)
    {
        try
        {
            // The second field is the name in brackets, which may hold anything.
            var line = File.ReadAllText($"/proc/{pid}/stat");
            var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
            return new Stat(pid, Number(fields[1]), Number(fields[11]) + Number(fields[12]));
        }
        catch (IOException)
        {
            // Ended meanwhile.
            return null;
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private sealed record Stat(int Id, int Parent, long Ticks);
}
