using System.ComponentModel;

namespace AgentPlatform.AppHost.Local;

/// <summary>
/// Keeps one resource alive.
/// <list type="number">
/// <item>Prepare and start the process, wait until it is ready.</item>
/// <item>Wait for its end.</item>
/// <item>Ended unasked: wait as <see cref="RestartPolicy"/> says, begin again on the same port.</item>
/// </list>
/// A resource that dies five times before it was ever ready makes the start fail with its last words; later it is restarted for ever.
/// </summary>
internal sealed class Supervisor(Resource resource, LaunchThread launcher, ResourceBoard board, StackConsole console, TimeProvider time) : IDisposable
{
    private const int FailedStarts = 5;
    private static readonly TimeSpan ReadinessInterval = TimeSpan.FromMilliseconds(50);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RestartPolicy _restarts = new(time);
    private readonly ChildOutput _output = new(resource, console);
    private Task _loop = Task.CompletedTask;
    private ChildProcess? _child;
    private int _deaths;

    public Resource Resource => resource;

    /// <summary>Starts the resource and completes when it is ready for the first time.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _loop = SuperviseAsync();
        return _ready.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Ends the process for good: by its stop signal, and by force after its grace or when <paramref name="kill"/> says so.</summary>
    public async Task StopAsync(CancellationToken kill)
    {
        await _stopping.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_child is { Exited.IsCompleted: false } child)
        {
            child.Signal(resource.StopSignal, resource.ProcessOf(child.Id));
            try
            {
                await child.Exited.WaitAsync(resource.StopGrace, time, kill);
            }
            catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
            {
                console.Warn($"{resource.Name} has not ended yet; killing it.");
                child.Signal(UnixSignal.Kill, resource.ProcessOf(child.Id));
                await child.Exited;
            }

            child.Dispose();
        }

        Show(ResourceState.Stopped);
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _output.Dispose();
    }

    public void ShowWaiting() => Show(ResourceState.Waiting);

    private async Task SuperviseAsync()
    {
        try
        {
            while (true)
            {
                Show(_deaths == 0 ? ResourceState.Starting : ResourceState.Restarting);
                var started = time.GetTimestamp();
                var child = _child = await ChildProcess.StartAsync(await resource.PrepareAsync(_stopping.Token), launcher, _output.Line);
                Show(ResourceState.Starting);
                if (await BecomesReadyAsync(child))
                {
                    Show(ResourceState.Ready);
                    Announce(time.GetElapsedTime(started));
                }

                var exitCode = await child.Exited.WaitAsync(_stopping.Token);
                _child = null;
                child.Dispose();
                OnDeath(exitCode);
                await Task.Delay(_restarts.NextDelay(), time, _stopping.Token);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
        catch (Exception exception) when (exception is StartFailedException or IOException or UnauthorizedAccessException or Win32Exception)
        {
            // Nothing a restart would mend: the program or its folder is missing.
            Fail($"{resource.Name} cannot be started: {exception.Message}");
        }
    }

    private async Task<bool> BecomesReadyAsync(ChildProcess child)
    {
        while (!child.Exited.IsCompleted)
        {
            if (await resource.IsReadyAsync(_stopping.Token))
            {
                return true;
            }

            await Task.WhenAny(child.Exited, Task.Delay(ReadinessInterval, time, _stopping.Token));
            _stopping.Token.ThrowIfCancellationRequested();
        }

        return false;
    }

    private void Announce(TimeSpan took)
    {
        if (!_ready.TrySetResult())
        {
            console.Info($"{resource.Name} is back after {took.TotalSeconds:0.0} s.");
        }
    }

    private void OnDeath(int exitCode)
    {
        _deaths++;
        Show(ResourceState.Restarting);
        if (!_ready.Task.IsCompleted && _deaths >= FailedStarts)
        {
            Fail($"{resource.Name} ended {_deaths} times before it was ready (exit code {exitCode}). Its last words:{Environment.NewLine}{_output.LastWords()}");
            _stopping.Cancel();
            return;
        }

        console.Warn($"{resource.Name} ended (exit code {exitCode}), starting it again. Log: {resource.LogFile}");
    }

    private void Fail(string message)
    {
        if (!_ready.TrySetException(new StartFailedException(message)))
        {
            console.Warn(message);
        }
    }

    private void Show(ResourceState state)
    {
        var pid = _child is { Exited.IsCompleted: false } child ? resource.ProcessOf(child.Id) : (int?)null;
        board.Set(new ResourceStatus(resource.Name, state, pid, resource.Port, resource.Address, resource.LogFile, _deaths));
    }
}
