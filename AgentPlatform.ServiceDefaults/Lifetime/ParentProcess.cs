using System.ComponentModel;
using System.Diagnostics;

namespace AgentPlatform.ServiceDefaults.Lifetime;

/// <summary>Another process, recognised by its id and its start: an id alone may have been given to a new process meanwhile.</summary>
internal sealed class ParentProcess
{
    private readonly int _id;
    private readonly DateTime? _started;

    internal ParentProcess(int id) => (_id, _started) = (id, StartOf(id));

    internal bool IsAlive => _started is not null && StartOf(_id) == _started && !IsZombie(_id);

    private static DateTime? StartOf(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return process.HasExited ? null : process.StartTime;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Linux keeps a dead process's id until its own parent has taken note; to signals it looks alive.</summary>
    private static bool IsZombie(int id)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        try
        {
            // "pid (name) S …": the name may hold anything, the state follows its last bracket.
            var stat = File.ReadAllText($"/proc/{id}/stat");
            return stat[stat.LastIndexOf(')') + 2] is 'Z' or 'X';
        }
        catch (IOException)
        {
            return true;
        }
    }
}
