namespace AgentPlatform.AppHost.Local;

/// <summary>One process of the stack: how it is started, when it is ready, how it is asked to end.</summary>
internal abstract class Resource
{
    /// <summary>Unique in the stack: <c>postgres</c>, <c>cache</c>, <c>executor-1</c>, <c>api-1</c>.</summary>
    public abstract string Name { get; }

    public abstract int Port { get; }

    /// <summary>Where to reach it, as a person writes it.</summary>
    public abstract string Address { get; }

    /// <summary>Where its own log is; what it prints goes to <c>{name}.console.log</c> beside it.</summary>
    public abstract string LogFile { get; }

    /// <summary>Whether its output is meant for the console: services print warnings and errors only.</summary>
    public virtual bool PrintsForPeople => false;

    public virtual UnixSignal StopSignal => UnixSignal.Terminate;

    /// <summary>How long it may take to end after <see cref="StopSignal"/> before it is killed.</summary>
    public abstract TimeSpan StopGrace { get; }

    /// <summary>Called before every start, also after a crash: leaves everything such that the start succeeds.</summary>
    public abstract Task<LaunchCommand> PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Whether it does its work.</summary>
    public abstract Task<bool> IsReadyAsync(CancellationToken cancellationToken);

    /// <summary>The process to show and to signal, given the one that was started.</summary>
    public virtual int ProcessOf(int childId) => childId;
}
