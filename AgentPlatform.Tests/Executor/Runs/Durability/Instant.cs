namespace AgentPlatform.Tests.Executor.Runs.Durability;

/// <summary>A moment of a run at which its process may meet its fault.</summary>
internal enum Instant
{
    BeforeAppend,

    /// <summary>Stored; the run has not been told.</summary>
    AfterAppend,
    BeforeModel,
    AfterModel,
    BeforeEffect,

    /// <summary>The tool has taken effect and not returned.</summary>
    AfterEffect,

    /// <summary>The run waits for a person.</summary>
    Parked,
}
