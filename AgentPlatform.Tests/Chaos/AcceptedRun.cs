namespace AgentPlatform.Tests.Chaos;

/// <summary>A background run that the platform took on.</summary>
/// <param name="Status">As last heard of.</param>
internal sealed record AcceptedRun(string Id, string Agent, string Status);
