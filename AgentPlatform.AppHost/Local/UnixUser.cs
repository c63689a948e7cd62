using System.Globalization;
using System.Runtime.InteropServices;

namespace AgentPlatform.AppHost.Local;

/// <summary>An account of this machine.</summary>
internal sealed partial record UnixUser(string Name, uint Id, uint GroupId)
{
    private static readonly string[] Preferred = ["postgres", "nobody"];

    /// <summary>Who runs Postgres, which refuses root: the account made for it, else nobody. Null when the caller is not root.</summary>
    public static UnixUser? ForPostgres()
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
        {
            return null;
        }

        var accounts = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length >= 4).ToDictionary(fields => fields[0]);
        return Preferred
            .Select(accounts.GetValueOrDefault)
            .OfType<string[]>()
            .Select(fields => new UnixUser(fields[0], Number(fields[2]), Number(fields[3])))
            .FirstOrDefault();
    }

    /// <summary>Makes the account the owner of a file or folder.</summary>
    public void Own(string path)
    {
        if (ChangeOwner(path, Id, GroupId) != 0)
        {
            throw new IOException($"Cannot give {path} to {Name}: error {Marshal.GetLastPInvokeError()}.");
        }
    }

    private static uint Number(string text) => uint.Parse(text, CultureInfo.InvariantCulture);

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint user, uint group);
}
