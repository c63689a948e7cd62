using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.Runs;

/// <summary>202 of <c>POST /runs</c>: the run is durable and will end, whatever happens.</summary>
/// <param name="Status"><c>queued</c> or <c>running</c>.</param>
internal sealed record AcceptedRun(Guid RunId, RunStatus Status, string? SessionId);
