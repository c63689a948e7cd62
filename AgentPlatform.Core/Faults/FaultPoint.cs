namespace AgentPlatform.Core.Faults;

/// <summary>Where on a question's way a fault can be made.</summary>
public enum FaultPoint
{
    /// <summary>A model call of the run.</summary>
    Model,

    /// <summary>The model call of the ladder, which is made without tools and without the executor.</summary>
    Direct,

    /// <summary>A call of a tool.</summary>
    Tool,

    /// <summary>A request of the API to an executor.</summary>
    Executor,

    /// <summary>A call of Redis.</summary>
    Cache,

    /// <summary>The executor's database, as its door sees it.</summary>
    Database,
}
