namespace AgentPlatform.Tests.ModelServer;

/// <param name="Arguments">Sent as it is, malformed or not.</param>
/// <param name="Id">Null leaves the member out; by default each call gets its own.</param>
public sealed record FakeToolCall(string Name, string Arguments, string? Id = FakeToolCall.OwnId)
{
    public const string OwnId = "own";
}
