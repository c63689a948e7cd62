namespace AgentPlatform.Benchmarks.Flood;

/// <param name="Before">Resident memory of the API, MB.</param>
internal sealed record FloodResult(string Name, AttackResult? Attack, Probes Probes, double Before, double During, double After);
