extern alias apphost;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using AgentPlatform.Core.Wire;
using apphost::AgentPlatform.AppHost.Local;
using Xunit;

namespace AgentPlatform.Tests.Stack;

/// <summary>
/// The whole platform, started as a user starts it: the AppHost as a process of its own with <c>--stack local</c> on a free port and a data
/// folder of its own. It ends with the test, and leaving anything behind fails the test.
/// </summary>
internal sealed class RunningStack : IAsyncDisposable
{
    /// <summary>What opens the executors of every stack here.</summary>
    public const string InternalKey = "the-internal-key-of-test-stacks";

    private static readonly string[] ForeignSettings = ["OPENAI_", "AZURE_OPENAI_", "Models__", "OTEL_"];
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool _ownsDataFolder;

    private RunningStack(StackSettings settings)
    {
        _ownsDataFolder = settings.DataFolder is null;
        DataFolder = settings.DataFolder ?? NewDataFolder();
        // Tests ask executors too.
        Http.DefaultRequestHeaders.Add(InternalWire.KeyHeader, InternalKey);
        _process = new Process { StartInfo = StartInfo(settings) };
        _process.OutputDataReceived += (_, line) => OnLine(line.Data);
        _process.ErrorDataReceived += (_, line) => OnLine(line.Data);
    }

    /// <summary>The AppHost as it was built, not the copy beside the tests.</summary>
    public static BuiltProgram AppHost { get; } = new(Path.GetFullPath(
        typeof(RunningStack).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "AppHost").Value!));

    public string DataFolder { get; }

    /// <summary>A client of the first API.</summary>
    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseProxy = false });

    public int ProcessId => _process.Id;

    /// <summary>All the AppHost printed so far.</summary>
    public string Output => string.Join(System.Environment.NewLine, _output);

    /// <summary>Every process of the stack by name: <c>postgres</c>, <c>cache</c>, <c>executor-1</c>, <c>api-1</c>.</summary>
    public IReadOnlyDictionary<string, StackProcess> Processes
    {
        get
        {
            using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(DataFolder, "processes.json")));
            return document.RootElement.GetProperty("resources").Deserialize<List<StackProcess>>()!.ToDictionary(process => process.Name);
        }
    }

    /// <summary>Starts a stack and waits for its <c>Ready</c> line.</summary>
    public static async Task<RunningStack> StartAsync(StackSettings? settings = null)
    {
        settings ??= new StackSettings();
        var stack = new RunningStack(settings);
        try
        {
            stack._process.Start();
            stack._process.BeginOutputReadLine();
            stack._process.BeginErrorReadLine();
            var ended = stack._process.WaitForExitAsync(TestContext.Current.CancellationToken);
            var first = await Task.WhenAny(stack._ready.Task, ended, Task.Delay(settings.StartDeadline, TestContext.Current.CancellationToken));
            Assert.True(first == stack._ready.Task, $"The stack {(first == ended ? "ended" : "was not ready in time")}. It said:{System.Environment.NewLine}{stack.Output}");
            stack.Http.BaseAddress = new Uri(await stack._ready.Task);
            IsComplete(stack.Processes.Values, settings);
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <summary>A folder that Postgres can reach also when the tests run as root.</summary>
    public static string NewDataFolder()
    {
        var folder = Directory.CreateTempSubdirectory("agentplatform-stack-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherExecute);
        }

        return folder;
    }

    /// <summary>Sends a signal to one process of the stack, as somebody outside would.</summary>
    public void Signal(string name, int signal) =>
        Assert.True(Signals.Send(Processes[name].Pid ?? throw new InvalidOperationException($"{name} is not running"), signal));

    /// <summary>Kills a process and waits until its successor is ready.</summary>
    public Task KillAndAwaitReturnAsync(string name) => EndAndAwaitReturnAsync(name, Signals.Kill);

    /// <summary>Ends a process by a signal and waits until its successor is ready.</summary>
    public async Task EndAndAwaitReturnAsync(string name, int signal)
    {
        var before = Processes[name];
        Signal(name, signal);
        await Eventually.TrueAsync(
            () => Processes[name] is { State: "ready" } now && now.Pid != before.Pid,
            () => $"{Processes[name]}{System.Environment.NewLine}{Output}");
        Assert.Equal(before.Port, Processes[name].Port);
    }

    /// <summary>Ends the AppHost by a signal, then checks that within 10 s nothing of the stack is left. Returns its exit code.</summary>
    public async Task<int> StopAsync(int signal)
    {
        Assert.True(Signals.Send(_process.Id, signal));
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync(deadline.Token);
        await Eventually.TrueAsync(
            () => StackRemains.Of(DataFolder).Count == 0,
            () => $"left behind: {string.Join("; ", StackRemains.Of(DataFolder))}",
            TimeSpan.FromSeconds(10));
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Assert.Equal(0, await StopAsync(Signals.Terminate));
        }

        _process.Dispose();
        Http.Dispose();
        if (_ownsDataFolder)
        {
            Directory.Delete(DataFolder, recursive: true);
        }
    }

    /// <summary>Who says that it is ready has every process that was asked for, and each of them is.</summary>
    private static void IsComplete(IEnumerable<StackProcess> processes, StackSettings settings)
    {
        IEnumerable<string> expected =
            ["cache", "postgres", .. Enumerable.Range(1, settings.Executors).Select(number => $"executor-{number}"), .. Enumerable.Range(1, settings.Apis).Select(number => $"api-{number}")];
        Assert.Equal(expected.Order(), processes.Select(process => process.Name).Order());
        Assert.All(processes, process => Assert.Equal("ready", process.State));
    }

    private ProcessStartInfo StartInfo(StackSettings settings)
    {
        var command = AppHost.Command(
            "--stack", "local", "--data", DataFolder, "--port", Ports.Choose(_ => true).ToString(CultureInfo.InvariantCulture),
            "--executors", settings.Executors.ToString(CultureInfo.InvariantCulture), "--apis", settings.Apis.ToString(CultureInfo.InvariantCulture));
        var start = new ProcessStartInfo(command.FileName, command.Arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => ForeignSettings.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))).ToList())
        {
            start.Environment.Remove(name);
        }

        // The stack ends also when the test run is killed.
        start.Environment[ParentWatch.Variable] = System.Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        start.Environment["Internal__Key"] = InternalKey;
        // What fails on purpose in one test must not be left alone in the next.
        start.Environment["Circuits__MinimumCalls"] = "1000";
        foreach (var (name, value) in settings.Environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private void OnLine(string? line)
    {
        if (line is null)
        {
            return;
        }

        _output.Enqueue(line);
        const string mark = "Ready: ";
        if (line.StartsWith(mark, StringComparison.Ordinal))
        {
            _ready.TrySetResult(line[mark.Length..]);
        }
    }
}
