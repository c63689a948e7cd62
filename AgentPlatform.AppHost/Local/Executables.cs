namespace AgentPlatform.AppHost.Local;

/// <summary>Programs on this machine.</summary>
internal static class Executables
{
    public static string FileName(string name) => OperatingSystem.IsWindows() ? name + ".exe" : name;

    /// <summary>The first match on the PATH (and in the system folders that a plain user's PATH may lack), or null.</summary>
    public static string? Find(string name)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string[] system = OperatingSystem.IsWindows() ? [] : ["/usr/sbin", "/sbin"];
        return folders.Concat(system).Select(folder => Path.Combine(folder, FileName(name))).FirstOrDefault(File.Exists);
    }
}
