namespace AgentPlatform.AppHost.Local;

/// <summary>What a child prints: kept in a bounded file, its last lines in memory, and on the console where it is meant for people.</summary>
internal sealed class ChildOutput : IDisposable
{
    private const int RememberedLines = 15;
    private const long LongestFile = 16 * 1024 * 1024;
    private readonly Lock _gate = new();
    private readonly Queue<string> _last = new();
    private readonly Resource _resource;
    private readonly StackConsole _console;
    private readonly StreamWriter _file;

    public ChildOutput(Resource resource, StackConsole console)
    {
        _resource = resource;
        _console = console;
        var path = Path.Combine(Path.GetDirectoryName(resource.LogFile)!, $"{resource.Name}.console.log");
        if (File.Exists(path) && new FileInfo(path).Length > LongestFile)
        {
            File.Move(path, path + ".1", overwrite: true);
        }

        _file = new StreamWriter(path, append: true) { AutoFlush = true };
    }

    public void Line(string line)
    {
        lock (_gate)
        {
            _last.Enqueue(line);
            if (_last.Count > RememberedLines)
            {
                _last.Dequeue();
            }

            if (_file.BaseStream is { CanWrite: true })
            {
                _file.WriteLine(line);
            }
        }

        if (_resource.PrintsForPeople && line.Length > 0)
        {
            _console.FromChild(_resource.Name, line);
        }
    }

    public string LastWords()
    {
        lock (_gate)
        {
            return string.Join(Environment.NewLine, _last.Select(line => "  " + line));
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _file.Dispose();
        }
    }
}
