using System.Runtime.InteropServices;

namespace AgentPlatform.AppHost.Local;

/// <summary>Ctrl-C, SIGTERM, a closed terminal or the end of <c>dotnet run</c> ask to stop; asking again means at once.</summary>
internal sealed class StopSignals : IDisposable
{
    // One request may arrive as several signals: `timeout` signals its child and then the whole process group.
    private static readonly TimeSpan SameRequest = TimeSpan.FromMilliseconds(300);
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _kill = new();
    private readonly List<PosixSignalRegistration> _registrations;
    private long _asked;

    public StopSignals()
    {
        _registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT, PosixSignal.SIGHUP }
            .Select(signal => PosixSignalRegistration.Create(signal, OnSignal))];
        _ = StopWithParentAsync();
    }

    /// <summary>Cancelled when the stack is to end in good order.</summary>
    public CancellationToken Stop => _stop.Token;

    /// <summary>Cancelled when it is to end now.</summary>
    public CancellationToken Kill => _kill.Token;

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _stop.Dispose();
        _kill.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        lock (_gate)
        {
            if (!_stop.IsCancellationRequested)
            {
                _asked = _time.GetTimestamp();
                _ = _stop.CancelAsync();
            }
            else if (_time.GetElapsedTime(_asked) > SameRequest)
            {
                _ = _kill.CancelAsync();
            }
        }
    }

    private async Task StopWithParentAsync()
    {
        await ParentWatch.ParentEndedAsync();
        await _stop.CancelAsync();
    }
}
