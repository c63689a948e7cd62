using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AgentPlatform.Api.Degradation;
using AgentPlatform.Core.Wire;
using AgentPlatform.ServiceDefaults.Telemetry;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.Agent;

/// <summary>
/// What a question leaves in the log and in the metrics. An ordinary run is two lines at level Information, its start and
/// its success; a hit is one. The question itself is never in them: its length and a hash are.
/// </summary>
internal sealed partial class RequestTelemetry(
    AgentMetrics metrics, IOptions<ThresholdOptions> thresholds, ILogger<AgentRequestHandler> logger)
{
    private const int HashDigits = 16;

    /// <summary>Counts a run while it is under way.</summary>
    public Run Running(AskedQuestion asked, Guid runId, bool joined)
    {
        if (!joined && logger.IsEnabled(LogLevel.Information))
        {
            var hash = Hash(asked.Question.Question);
            LogStart(runId, asked.Question.Agent, asked.Question.Question.Length, hash);
        }

        metrics.RunStarted();
        return new Run(metrics);
    }

    /// <summary>Puts the run's id on whatever is logged until it is disposed, such as a model call that fails.</summary>
    public IDisposable? About(Guid runId) => logger.BeginScope((KeyValuePair<string, object>[])[new("RunId", runId)]);

    public void Asked() => metrics.Requested();

    public void LookedUp(Passage passage, RunOutcome? run)
    {
        var result = passage.CacheResult ?? run?.Cache.Decision switch
        {
            null => null,
            CacheDecisions.Hit => CacheResults.Hit,
            CacheDecisions.Bypassed or CacheDecisions.Disabled => CacheResults.Bypass,
            _ => CacheResults.Miss,
        };
        if (result is not null)
        {
            metrics.CacheLookedUp(result);
        }
    }

    /// <summary>Tokens are counted where the run was made, not again by those who joined it.</summary>
    public void Spent(Usage usage) => metrics.Used(usage.InputTokens, usage.OutputTokens, usage.CostUsd);

    public void Answered(AskedQuestion asked, AgentAnswer answer)
    {
        metrics.Answered(TimeSpan.FromSeconds(answer.Duration), answer.Iterations);
        if (answer.Degraded is { } degraded)
        {
            metrics.FellBack(degraded.Level.Word(), degraded.Reason.Word());
        }

        LogAnswered(asked, answer);
        if (answer.Duration > thresholds.Value.SlowSeconds)
        {
            LogSlow(answer.RunId, answer.Agent, answer.Duration);
        }
    }

    public void Refused(AskedQuestion asked, AgentResult.Refused refused)
    {
        // The caller asked whether there is a cached answer, and was told.
        if (refused.Code == ProblemCodes.NotCached)
        {
            return;
        }

        if (refused.Status >= StatusCodes.Status500InternalServerError || refused.Code == ProblemCodes.Limit)
        {
            metrics.Failed();
        }

        LogFailed(refused.RunId, asked.Question.Agent, refused.Code, refused.Status);
    }

    private void LogAnswered(AskedQuestion asked, AgentAnswer answer)
    {
        switch (answer.Degraded)
        {
            // The run's own full answer, only with a detour.
            case null when !answer.Cached:
            case { Level: DegradationLevel.Retried }:
                LogSuccess(
                    answer.RunId, answer.Agent, answer.Duration, answer.Iterations, answer.Usage.TotalTokens, answer.Model,
                    answer.Cache.Decision);
                break;
            case null:
                if (logger.IsEnabled(LogLevel.Information))
                {
                    var hash = Hash(asked.Question.Question);
                    LogHit(
                        answer.Agent, answer.Cache.SourceRunId, answer.Cache.Age, answer.Duration,
                        asked.Question.Question.Length, hash);
                }

                break;
            case { Reason: FailureReason.Timeout } timeout:
                metrics.Failed();
                LogTimeoutFallback(answer.RunId, answer.Agent, timeout.Level.Word(), answer.Duration);
                break;
            case var error:
                metrics.Failed();
                LogErrorFallback(answer.RunId, answer.Agent, error.Level.Word(), error.Reason.Word(), answer.Duration);
                break;
        }
    }

    private static string Hash(string question) =>
        Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(question.AsSpan())))[..HashDigits];

    /// <summary>A run under way.</summary>
    internal readonly struct Run(AgentMetrics metrics) : IDisposable
    {
        public void Dispose() => metrics.RunEnded();
    }
}
