namespace AgentPlatform.Benchmarks.Flood;

/// <summary>What became of an attack.</summary>
/// <param name="Opened">Connections, in all.</param>
/// <param name="Held">The most that were open at a time.</param>
/// <param name="Answers">How they were answered, by status; <c>closed</c> without any answer, <c>refused</c> when none came about.</param>
internal sealed record AttackResult(long Opened, int Held, Dictionary<string, long> Answers)
{
    public string Summary => Answers.Count == 0 ? "held" : string.Join(", ", Answers.OrderByDescending(answer => answer.Value).Select(answer => $"{answer.Key} × {answer.Value}"));
}
