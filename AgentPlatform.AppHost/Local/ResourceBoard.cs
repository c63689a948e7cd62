using System.Text.Json;

namespace AgentPlatform.AppHost.Local;

/// <summary>What every resource is doing, kept in <c>processes.json</c> for operators, scripts and tests.</summary>
internal sealed class ResourceBoard(string file)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly Lock _gate = new();
    private readonly List<ResourceStatus> _rows = [];

    public IReadOnlyList<ResourceStatus> Rows
    {
        get
        {
            lock (_gate)
            {
                return [.. _rows];
            }
        }
    }

    /// <summary>Adds or replaces the row of that name.</summary>
    public void Set(ResourceStatus status)
    {
        lock (_gate)
        {
            var index = _rows.FindIndex(row => row.Name == status.Name);
            if (index < 0)
            {
                _rows.Add(status);
            }
            else
            {
                _rows[index] = status;
            }

            PrivateFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(new { apphost = Environment.ProcessId, resources = _rows }, Indented));
        }
    }
}
