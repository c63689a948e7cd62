using AgentPlatform.Executor.Journal;

namespace AgentPlatform.Executor.Runs;

/// <summary>This process may not go on with a run: another writer's events stand in the journal.</summary>
internal sealed class RunLostException(AppendResult result) : Exception($"The run has another writer ({result}).")
{
    public AppendResult Result => result;
}
