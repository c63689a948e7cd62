using System.Globalization;

namespace AgentPlatform.Benchmarks.Overload;

/// <summary>Resident memory of a process, from <c>/proc</c> (Linux); elsewhere zero.</summary>
internal static class ProcessMemory
{
    private const string Resident = "VmRSS:";

    public static double Megabytes(int processId)
    {
        if (!OperatingSystem.IsLinux())
        {
            return 0;
        }

        var line = File.ReadLines($"/proc/{processId}/status").First(line => line.StartsWith(Resident, StringComparison.Ordinal));
        return double.Parse(line[Resident.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) / 1024;
    }
}
