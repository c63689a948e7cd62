using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Text.Json;
using Npgsql;

namespace AgentPlatform.Benchmarks.Stack;

/// <summary>
/// The platform as a user starts it: the AppHost as a process of its own with <c>--stack local</c>, one API, a free port and a data folder
/// that is deleted at the end.
/// </summary>
internal sealed class StackUnderLoad : IAsyncDisposable
{
    /// <summary>What opens its executors.</summary>
    public const string InternalKey = "the-internal-key-of-benchmarks";

    private const string ReadyMark = "Ready: ";

    // Settings of the caller's that would choose another model or switch the export of telemetry on.
    private static readonly string[] Foreign = ["OPENAI_", "AZURE_OPENAI_", "Models__", "OTEL_"];
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly string _dataFolder = Directory.CreateTempSubdirectory("agentplatform-bench-").FullName;
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private StackUnderLoad(string modelUrl, int executors, IReadOnlyDictionary<string, string> settings)
    {
        // Postgres does not run as root, and its own account must be able to reach its folder.
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_dataFolder, File.GetUnixFileMode(_dataFolder) | UnixFileMode.OtherExecute);
        }

        _process = new Process { StartInfo = StartInfo(modelUrl, executors, settings) };
        _process.OutputDataReceived += (_, line) => OnLine(line.Data);
        _process.ErrorDataReceived += (_, line) => OnLine(line.Data);
    }

    /// <summary>Of the API.</summary>
    public Uri Address => _ready.Task.Result;

    /// <summary>The AppHost, which starts again what dies.</summary>
    public int ProcessId => _process.Id;

    public static Task<StackUnderLoad> StartAsync(string modelUrl, CancellationToken cancellationToken) =>
        StartAsync(modelUrl, executors: 1, new Dictionary<string, string>(), cancellationToken);

    /// <param name="settings">Environment of the services.</param>
    public static async Task<StackUnderLoad> StartAsync(
        string modelUrl, int executors, IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        var stack = new StackUnderLoad(modelUrl, executors, settings);
        try
        {
            stack._process.Start();
            stack._process.BeginOutputReadLine();
            stack._process.BeginErrorReadLine();
            await stack._ready.Task.WaitAsync(StartDeadline, cancellationToken);
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <summary>CPU time so far of a process of the stack (<c>api-1</c>, <c>executor-1</c>, <c>cache</c>, <c>postgres</c>), with its children.</summary>
    public TimeSpan CpuOf(string name) => ProcessCpu.OfTree(Resources().First(resource => resource.Name == name).Pid!.Value);

    /// <summary>Every process of the stack as it stands now.</summary>
    public IReadOnlyList<StackResource> Resources()
    {
        using var board = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_dataFolder, "processes.json")));
        return board.RootElement.GetProperty("resources").Deserialize<List<StackResource>>()!;
    }

    /// <summary>A database of the stack's own Postgres, made if missing.</summary>
    public async Task<NpgsqlDataSource> OpenDatabaseAsync(string database, int connections, CancellationToken cancellationToken)
    {
        var settings = new NpgsqlConnectionStringBuilder(PostgresConnection("postgres"))
        {
            MaxPoolSize = connections,
            MaxAutoPrepare = 10,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
        };
        await using (var server = NpgsqlDataSource.Create(settings))
        {
            await using var create = server.CreateCommand($"CREATE DATABASE {database}");
            await create.ExecuteNonQueryAsync(cancellationToken);
        }

        settings.Database = database;
        return NpgsqlDataSource.Create(settings);
    }

    /// <summary>As Npgsql reads it.</summary>
    public string PostgresConnection(string database)
    {
        using var state = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_dataFolder, "state.json")));
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = int.Parse(state.RootElement.GetProperty("postgres.port").GetString()!, CultureInfo.InvariantCulture),
            Username = "postgres",
            Password = state.RootElement.GetProperty("postgres.password").GetString(),
            Database = database,
        };
        return settings.ConnectionString;
    }

    /// <summary>As StackExchange.Redis reads it.</summary>
    public string RedisConnection()
    {
        using var state = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_dataFolder, "state.json")));
        return $"127.0.0.1:{state.RootElement.GetProperty("cache.port").GetString()},password={state.RootElement.GetProperty("cache.password").GetString()}";
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // The AppHost ends its children when it is killed too, but only after a polite stop is Postgres sure to be gone when this returns.
            using var terminate = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        Directory.Delete(_dataFolder, recursive: true);
    }

    private ProcessStartInfo StartInfo(string modelUrl, int executors, IReadOnlyDictionary<string, string> settings)
    {
        var library = typeof(StackUnderLoad).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "AppHost").Value!;
        var start = new ProcessStartInfo(
            Path.ChangeExtension(library, OperatingSystem.IsWindows() ? ".exe" : null),
            ["--stack", "local", "--executors", executors.ToString(CultureInfo.InvariantCulture), "--apis", "1", "--port", FreePort(), "--data", _dataFolder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsForeign).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        start.Environment["OPENAI_BASE_URL"] = modelUrl;
        start.Environment["OPENAI_API_KEY"] = "none";
        start.Environment["Internal__Key"] = InternalKey;
        return start;
    }

    private static bool IsForeign(string variable) => Foreign.Any(prefix => variable.StartsWith(prefix, StringComparison.Ordinal));

    private static string FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture);
    }

    private void OnLine(string? line)
    {
        if (line is null)
        {
            _ready.TrySetException(new InvalidOperationException("The stack ended before it was ready."));
        }
        else if (line.StartsWith(ReadyMark, StringComparison.Ordinal))
        {
            _ready.TrySetResult(new Uri(line[ReadyMark.Length..]));
        }
        else if (!_ready.Task.IsCompleted || line.StartsWith("warn", StringComparison.OrdinalIgnoreCase))
        {
            Console.Error.WriteLine(line);
        }
    }
}
