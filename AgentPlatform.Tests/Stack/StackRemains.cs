using System.Globalization;

namespace AgentPlatform.Tests.Stack;

/// <summary>Finds processes that belong to a stack, by its data folder in their arguments, environment or working directory (Linux).</summary>
internal static class StackRemains
{
    public static IReadOnlyList<string> Of(string dataFolder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return [];
        }

        return [.. Directory.EnumerateDirectories("/proc")
            .Where(folder => int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pid != Environment.ProcessId)
            .Where(folder => Belongs(folder, dataFolder))
            .Select(folder => $"{Path.GetFileName(folder)} {Read(folder, "cmdline").Replace('\0', ' ')}")];
    }

    private static bool Belongs(string process, string dataFolder) =>
        Read(process, "cmdline").Contains(dataFolder, StringComparison.Ordinal)
        || Read(process, "environ").Contains(dataFolder, StringComparison.Ordinal)
        || WorkingDirectory(process).Contains(dataFolder, StringComparison.Ordinal);

    private static string Read(string process, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Gone meanwhile, or somebody else's.
            return "";
        }
    }

    private static string WorkingDirectory(string process)
    {
        try
        {
            return new FileInfo(Path.Combine(process, "cwd")).LinkTarget ?? "";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
