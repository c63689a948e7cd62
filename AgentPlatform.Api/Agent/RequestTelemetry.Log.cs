using AgentPlatform.ServiceDefaults.Logging;

namespace AgentPlatform.Api.Agent;

internal sealed partial class RequestTelemetry
{
    [LoggerMessage(Level = LogLevel.Information, EventName = LogEvents.AgentStart,
        Message = "Run {RunId} of {Agent} starts: question of {QuestionLength} characters, {QuestionHash}")]
    private partial void LogStart(Guid runId, string agent, int questionLength, string questionHash);

    [LoggerMessage(Level = LogLevel.Information, EventName = LogEvents.AgentSuccess,
        Message = "Run {RunId} of {Agent} answered in {Duration} s after {Iterations} tool rounds with {Tokens} tokens of {Model}, cache {CacheDecision}")]
    private partial void LogSuccess(
        Guid? runId, string agent, double duration, int iterations, long tokens, string model, string cacheDecision);

    [LoggerMessage(Level = LogLevel.Information, EventName = LogEvents.CacheHit,
        Message = "{Agent} answered from the cache, written by run {SourceRunId} {Age} s ago, in {Duration} s: question of {QuestionLength} characters, {QuestionHash}")]
    private partial void LogHit(
        string agent, Guid? sourceRunId, double? age, double duration, int questionLength, string questionHash);

    [LoggerMessage(Level = LogLevel.Warning, EventName = LogEvents.AgentTimeoutFallback,
        Message = "Run {RunId} of {Agent} ran out of time; answered with {DegradationLevel} after {Duration} s")]
    private partial void LogTimeoutFallback(Guid? runId, string agent, string degradationLevel, double duration);

    [LoggerMessage(Level = LogLevel.Warning, EventName = LogEvents.AgentErrorFallback,
        Message = "Run {RunId} of {Agent} gave no full answer ({Reason}); answered with {DegradationLevel} after {Duration} s")]
    private partial void LogErrorFallback(Guid? runId, string agent, string degradationLevel, string reason, double duration);

    [LoggerMessage(Level = LogLevel.Warning, EventName = LogEvents.AgentFailed,
        Message = "Run {RunId} of {Agent} ended with problem {Code}, status {Status}")]
    private partial void LogFailed(Guid? runId, string agent, string code, int status);

    [LoggerMessage(Level = LogLevel.Warning, EventName = LogEvents.SlowResponse,
        Message = "Run {RunId} of {Agent} took {Duration} s")]
    private partial void LogSlow(Guid? runId, string agent, double duration);
}
