using System.Security.Cryptography;
using System.Text;

namespace AgentPlatform.AppHost.Local;

/// <summary>
/// The folder that holds Postgres's cluster. Usually inside the data folder. Postgres refuses to run as root, so for root it runs as another
/// account; when that account cannot reach the data folder (a home such as /root is closed to it), the cluster goes to a folder of the
/// machine named after the data folder's path, and the data folder remembers where.
/// </summary>
internal static class PostgresHome
{
    public static string Locate(LocalData data, UnixUser? user) => data.Remember("postgres.folder", () =>
        user is null || IsReachableByOthers(data.Folder) ? Path.Combine(data.Folder, "postgres") : Path.Combine(MachineFolder(), Name(data.Folder)));

    /// <summary>Makes the folder if missing, private to the account.</summary>
    public static void Create(string folder, UnixUser? user)
    {
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        user?.Own(folder);
    }

    private static bool IsReachableByOthers(string folder)
    {
        for (var part = new DirectoryInfo(folder); part is not null; part = part.Parent)
        {
            if (!OperatingSystem.IsWindows() && !File.GetUnixFileMode(part.FullName).HasFlag(UnixFileMode.OtherExecute))
            {
                return false;
            }
        }

        return true;
    }

    private static string MachineFolder() => Path.Combine(Directory.Exists("/var/lib") ? "/var/lib" : Path.GetTempPath(), "agentplatform");

    private static string Name(string folder) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..16];
}
