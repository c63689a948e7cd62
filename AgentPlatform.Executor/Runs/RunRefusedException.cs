namespace AgentPlatform.Executor.Runs;

/// <summary>The host does not take the run after all.</summary>
/// <param name="code">A word of <see cref="Core.Wire.ProblemCodes"/>.</param>
internal sealed class RunRefusedException(string code) : Exception($"The run is refused ({code}).")
{
    public string Code => code;
}
