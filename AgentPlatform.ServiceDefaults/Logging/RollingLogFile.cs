namespace AgentPlatform.ServiceDefaults.Logging;

/// <summary>
/// An append-only file of bounded size. The current file always has the configured name, so that <c>tail -F</c> and the tests find it;
/// full ones move to <c>.1</c>, <c>.2</c> … and the oldest is dropped. A roll falls between two writes: a line is never split.
/// Each write reaches the operating system at once, the disk when the system sees fit: an fsync here would slow the journal's commits.
/// </summary>
internal sealed class RollingLogFile(string path, long maxBytes, int keepFiles) : IDisposable
{
    private FileStream? _file;

    internal void Write(ReadOnlySpan<byte> lines)
    {
        _file ??= Open();
        if (_file.Length > 0 && _file.Length + lines.Length > maxBytes)
        {
            _file.Dispose();
            _file = null;
            Roll();
            _file = Open();
        }

        _file.Write(lines);
    }

    public void Dispose() => _file?.Dispose();

    private FileStream Open()
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        return new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
            BufferSize = 0,
        });
    }

    private void Roll()
    {
        for (var i = keepFiles - 1; i >= 1; i--)
        {
            if (File.Exists($"{path}.{i}"))
            {
                File.Move($"{path}.{i}", $"{path}.{i + 1}", overwrite: true);
            }
        }

        File.Move(path, $"{path}.1", overwrite: true);
    }
}
