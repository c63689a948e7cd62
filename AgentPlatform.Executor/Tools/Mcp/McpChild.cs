using System.Diagnostics;

namespace AgentPlatform.Executor.Tools.Mcp;

/// <summary>
/// A server that runs as a child of the executor. It gets what it is configured to get and nothing of the executor's own
/// environment, where connection strings and keys are. It ends with the executor, with all it has started, however the executor
/// ends: <see cref="McpChildWatch"/>.
/// </summary>
internal sealed partial class McpChild : IAsyncDisposable
{
    /// <summary>What programs need to run at all, and no secret ever is.</summary>
    private static readonly string[] Harmless = OperatingSystem.IsWindows()
        ? ["APPDATA", "HOMEDRIVE", "HOMEPATH", "LOCALAPPDATA", "PATH", "PATHEXT", "PROGRAMFILES", "SYSTEMDRIVE", "SYSTEMROOT", "TEMP", "TMP", "USERNAME", "USERPROFILE"]
        : ["HOME", "LANG", "LC_ALL", "LOGNAME", "PATH", "SHELL", "TERM", "TMPDIR", "TZ", "USER"];

    /// <summary>For a server that saw its input close and tidies up.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    private const int MaxLoggedLine = 500;

    private readonly Process _process;
    private readonly McpChildWatch? _watch;
    private readonly string _server;
    private readonly ILogger _logger;

    private McpChild(Process process, McpChildWatch? watch, string server, ILogger logger)
    {
        (_process, _watch, _server, _logger) = (process, watch, server, logger);
        process.ErrorDataReceived += Hear;
        process.BeginErrorReadLine();
    }

    public int Id => _process.Id;

    /// <summary>What it last wrote to its standard error: often why it ended.</summary>
    public string LastWords { get; private set; } = "";

    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => new CappedStream(_process.StandardOutput.BaseStream, McpMessageCap.Most, ends: 1);

    /// <exception cref="System.ComponentModel.Win32Exception">There is no such program, or it may not be run.</exception>
    public static McpChild Start(McpServerDefinition server, ToolSecrets secrets, ILogger logger)
    {
        // A session of its own on Unix: a group that can be ended as a whole, and no part in the terminal's Ctrl-C.
        string[] own = McpChildWatch.SetSid is { } setSid ? [setSid] : [];
        string[] words = [.. own, server.Command!, .. server.Arguments];
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
            WorkingDirectory = server.WorkingDirectory ?? "",
        };
        start.Environment.Clear();
        foreach (var name in Harmless)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
            {
                start.Environment[name] = value;
            }
        }

        foreach (var (name, value) in server.Environment)
        {
            start.Environment[name] = secrets.Fill(value);
        }

        var process = Process.Start(start)!;
        return new McpChild(process, McpChildWatch.Over(process.Id), server.Name, logger);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync().WaitAsync(Farewell);
        }
        catch (Exception exception) when (exception is TimeoutException or IOException or InvalidOperationException)
        {
            // It is ended below.
        }

        if (_watch is not null)
        {
            await _watch.DisposeAsync();
        }

        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private void Hear(object sender, DataReceivedEventArgs line)
    {
        if (!string.IsNullOrWhiteSpace(line.Data))
        {
            var said = ToolText.Clean(line.Data.Length > MaxLoggedLine ? line.Data[..MaxLoggedLine] : line.Data);
            LastWords = said;
            LogSaid(_server, said);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "MCP server {Server} says: {Line}")]
    private partial void LogSaid(string server, string line);
}
