namespace AgentPlatform.AppHost.Local;

/// <summary>Files that are replaced in one step and that only their owner may read.</summary>
internal static class PrivateFile
{
    /// <summary>Readers see the old content or the new, never a part.</summary>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var next = path + ".next";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(next, options))
        {
            stream.Write(content);
        }

        File.Move(next, path, overwrite: true);
    }
}
