using System.Collections.Concurrent;

namespace AgentPlatform.AppHost.Local;

/// <summary>
/// The one thread that starts children. Linux sends the parent-death signal when the *thread* that started the child ends, and threads
/// of the pool come and go; this one lives as long as the AppHost.
/// </summary>
internal sealed class LaunchThread : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];

    public LaunchThread() => new Thread(Run) { IsBackground = true, Name = "children" }.Start();

    public Task<T> RunAsync<T>(Func<T> start)
    {
        var result = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                result.SetResult(start());
            }
            catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or IOException or InvalidOperationException)
            {
                result.SetException(exception);
            }
        });
        return result.Task;
    }

    public void Dispose() => _work.CompleteAdding();

    private void Run()
    {
        foreach (var action in _work.GetConsumingEnumerable())
        {
            action();
        }
    }
}
