using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AgentPlatform.AppHost.Local;

/// <summary>
/// The local stack's data folder: what must be the same at the next start (passwords, ports, where Postgres's cluster lies), the logs, and
/// the lock by which one AppHost at a time owns it.
/// </summary>
internal sealed class LocalData : IDisposable
{
    public const string StateFile = "state.json";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly FileStream _lock;
    private readonly string _stateFile;
    private readonly Dictionary<string, string> _state;

    private LocalData(string folder, FileStream heldLock)
    {
        Folder = folder;
        _lock = heldLock;
        _stateFile = Path.Combine(folder, StateFile);
        _state = File.Exists(_stateFile) ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(_stateFile))! : [];
    }

    public string Folder { get; }

    public string Logs => Path.Combine(Folder, "logs");

    /// <summary>Name, pid, port and state of every process, for operators and tests.</summary>
    public string ProcessesFile => Path.Combine(Folder, "processes.json");

    public static string DefaultFolder() =>
        typeof(LocalData).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "DataFolder").Value!;

    /// <summary>Takes the folder, made if missing; null when another AppHost holds it.</summary>
    public static LocalData? Open(string? path, out string folder)
    {
        folder = Path.GetFullPath(path ?? DefaultFolder());
        Directory.CreateDirectory(folder);
        Directory.CreateDirectory(Path.Combine(folder, "logs"));
        try
        {
            // The system drops the lock with the process, however that ends.
            return new LocalData(folder, new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>A password made at the first start and kept, readable by the owner only.</summary>
    public string Password(string name) => Remember($"{name}.password", static () => RandomNumberGenerator.GetHexString(32, lowercase: true));

    /// <summary>The same port at every start, as long as nobody else took it meanwhile.</summary>
    public int Port(string name)
    {
        var key = $"{name}.port";
        if (_state.TryGetValue(key, out var known) && int.TryParse(known, out var port) && Ports.IsFree(port))
        {
            return port;
        }

        var taken = _state.Where(entry => entry.Key.EndsWith(".port", StringComparison.Ordinal)).Select(entry => entry.Value).ToHashSet();
        _state[key] = Ports.Choose(candidate => !taken.Contains(candidate.ToString(null as IFormatProvider))).ToString(null as IFormatProvider);
        Save();
        return int.Parse(_state[key], null);
    }

    /// <summary>A value decided once.</summary>
    public string Remember(string key, Func<string> decide)
    {
        if (!_state.TryGetValue(key, out var value))
        {
            _state[key] = value = decide();
            Save();
        }

        return value;
    }

    public void Dispose() => _lock.Dispose();

    private void Save() => PrivateFile.Write(_stateFile, Encoding.UTF8.GetBytes(JsonSerializer.Serialize(_state, Indented)));
}
