using System.Collections.Frozen;
using System.Diagnostics.Metrics;

namespace AgentPlatform.ServiceDefaults.Telemetry;

/// <summary>
/// Every instrument of the platform, by exactly the names that <c>/metrics</c> shows, with the labels each may carry and the bucket
/// bounds. Nothing else creates a meter. Labels are words of few values: never a session, a run or a question.
/// </summary>
public sealed class AgentMetrics
{
    public const string MeterName = "AgentPlatform";

    public const string RequestsTotal = "agent_requests_total";
    public const string ErrorsTotal = "agent_errors_total";
    public const string DurationSeconds = "agent_duration_seconds";
    public const string IterationsName = "agent_iterations";
    public const string CacheTotal = "agent_cache_total";
    public const string FallbacksTotal = "agent_fallbacks_total";
    public const string TokensTotal = "agent_tokens_total";
    public const string CostUsdTotal = "agent_cost_usd_total";
    public const string ActiveRunsName = "agent_active_runs";
    public const string QueueDepthName = "agent_queue_depth";
    public const string OrphanedRunsName = "agent_orphaned_runs";
    public const string RecoverySeconds = "agent_recovery_seconds";
    public const string BudgetRefusalsTotal = "agent_budget_refusals_total";
    public const string CircuitStateName = "agent_circuit_state";
    public const string CircuitOpenedTotal = "agent_circuit_opened_total";
    public const string BulkheadRejectionsTotal = "agent_bulkhead_rejections_total";
    public const string ShedTotal = "agent_shed_total";
    public const string QuotaRefusalsTotal = "agent_quota_refusals_total";
    public const string DocumentsTotal = "agent_documents_total";

    public const string CacheHit = "hit";
    public const string CacheMiss = "miss";
    public const string Input = "input";
    public const string Output = "output";

    /// <summary>The labels of each instrument that has any; a tag that is not listed here is not exported by <c>/metrics</c>.</summary>
    internal static readonly FrozenDictionary<string, string[]> Labels = new Dictionary<string, string[]>
    {
        [CacheTotal] = ["result"],
        [FallbacksTotal] = ["level", "reason"],
        [TokensTotal] = ["direction"],
        [BudgetRefusalsTotal] = ["scope", "unit"],
        [CircuitStateName] = ["hop", "endpoint"],
        [CircuitOpenedTotal] = ["hop", "endpoint"],
        [BulkheadRejectionsTotal] = ["hop"],
        [ShedTotal] = ["where"],
        [QuotaRefusalsTotal] = ["kind"],
        [DocumentsTotal] = ["result"],
    }.ToFrozenDictionary();

    // From a cached answer (milliseconds) to the longest timeout a caller may ask for (600 s); 10 s is the slow_response threshold.
    private static readonly double[] DurationBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600];
    private static readonly long[] IterationBounds = [0, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 50];
    // Promised: 5 s after a kill, 10 s after a hang.
    private static readonly double[] RecoveryBounds = [0.1, 0.25, 0.5, 1, 1.5, 2, 3, 4, 5, 7.5, 10, 15, 30, 60];

    private readonly Counter<long> _requests;
    private readonly Counter<long> _errors;
    private readonly Histogram<double> _duration;
    private readonly Histogram<long> _iterations;
    private readonly Counter<long> _cache;
    private readonly Counter<long> _fallbacks;
    private readonly Counter<long> _tokens;
    private readonly Counter<double> _cost;
    private readonly UpDownCounter<long> _activeRuns;
    private readonly UpDownCounter<long> _queueDepth;
    private readonly Gauge<long> _orphanedRuns;
    private readonly Histogram<double> _recovery;
    private readonly Counter<long> _budgetRefusals;
    private readonly Gauge<long> _circuitState;
    private readonly Counter<long> _circuitOpened;
    private readonly Counter<long> _bulkheadRejections;
    private readonly Counter<long> _shed;
    private readonly Counter<long> _quotaRefusals;
    private readonly Counter<long> _documents;

    public AgentMetrics(IMeterFactory meterFactory)
    {
        var meter = meterFactory.Create(MeterName);
        _requests = meter.CreateCounter<long>(RequestsTotal, description: "Questions received.");
        _errors = meter.CreateCounter<long>(ErrorsTotal, description: "Questions that ended without an answer of their run: an error or a fallback.");
        _duration = meter.CreateHistogram(DurationSeconds, "s", "Time from question to answer, in seconds.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = DurationBounds });
        _iterations = meter.CreateHistogram(IterationsName, description: "Finished tool rounds per answer.",
            advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = IterationBounds });
        _cache = meter.CreateCounter<long>(CacheTotal, description: "Look-ups in the answer cache by result.");
        _fallbacks = meter.CreateCounter<long>(FallbacksTotal, description: "Answers of the degradation ladder by rung and reason.");
        _tokens = meter.CreateCounter<long>(TokensTotal, description: "Model tokens by direction.");
        _cost = meter.CreateCounter<double>(CostUsdTotal, description: "Model cost in US dollars, where prices are configured.");
        _activeRuns = meter.CreateUpDownCounter<long>(ActiveRunsName, description: "Runs under way in this process.");
        _queueDepth = meter.CreateUpDownCounter<long>(QueueDepthName, description: "Runs that wait for their session or for room in this process.");
        _orphanedRuns = meter.CreateGauge<long>(OrphanedRunsName, description: "Open runs whose executor is gone and that nobody has taken over yet.");
        _recovery = meter.CreateHistogram(RecoverySeconds, "s", "Time from losing an executor to its run going on elsewhere, in seconds.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = RecoveryBounds });
        _budgetRefusals = meter.CreateCounter<long>(BudgetRefusalsTotal, description: "Runs refused because a budget did not allow them.");
        _circuitState = meter.CreateGauge<long>(CircuitStateName, description: "Circuit of a remote server: 0 closed, 1 half open, 2 open.");
        _circuitOpened = meter.CreateCounter<long>(CircuitOpenedTotal, description: "How often a remote server began to be left alone.");
        _bulkheadRejections = meter.CreateCounter<long>(BulkheadRejectionsTotal, description: "Calls that found no room among those under way to their server.");
        _shed = meter.CreateCounter<long>(ShedTotal, description: "Questions refused because there was more to do than could be done in time.");
        _quotaRefusals = meter.CreateCounter<long>(QuotaRefusalsTotal, description: "Requests refused because their caller or tenant had used up its quota.");
        _documents = meter.CreateCounter<long>(DocumentsTotal, description: "Files of searched folders that were indexed, removed from the index or refused.");
    }

    public void Requested() => _requests.Add(1);

    public void Failed() => _errors.Add(1);

    /// <summary>An answer was given: how long it took and how many tool rounds it had.</summary>
    public void Answered(TimeSpan duration, int iterations)
    {
        _duration.Record(duration.TotalSeconds);
        _iterations.Record(iterations);
    }

    /// <param name="result"><see cref="CacheHit"/>, <see cref="CacheMiss"/> or another word of the cache.</param>
    public void CacheLookedUp(string result) => _cache.Add(1, new KeyValuePair<string, object?>("result", result));

    public void FellBack(string level, string reason) =>
        _fallbacks.Add(1, new KeyValuePair<string, object?>("level", level), new KeyValuePair<string, object?>("reason", reason));

    /// <summary>One model call's usage; the cost is null where the model has no price.</summary>
    public void Used(long inputTokens, long outputTokens, decimal? costUsd)
    {
        _tokens.Add(inputTokens, new KeyValuePair<string, object?>("direction", Input));
        _tokens.Add(outputTokens, new KeyValuePair<string, object?>("direction", Output));
        if (costUsd is { } cost)
        {
            _cost.Add((double)cost);
        }
    }

    public void RunStarted() => _activeRuns.Add(1);

    public void RunEnded() => _activeRuns.Add(-1);

    public void QueueEntered() => _queueDepth.Add(1);

    public void QueueLeft() => _queueDepth.Add(-1);

    public void Orphaned(long runs) => _orphanedRuns.Record(runs);

    public void Recovered(TimeSpan after) => _recovery.Record(after.TotalSeconds);

    /// <param name="scope">Whose budget: tenant or session.</param>
    /// <param name="unit">What it would have had too much of.</param>
    public void BudgetRefused(string scope, string unit) =>
        _budgetRefusals.Add(1, new KeyValuePair<string, object?>("scope", scope), new KeyValuePair<string, object?>("unit", unit));

    /// <param name="state">0 closed, 1 half open, 2 open.</param>
    public void CircuitIs(string hop, string endpoint, long state) =>
        _circuitState.Record(state, new KeyValuePair<string, object?>("hop", hop), new KeyValuePair<string, object?>("endpoint", endpoint));

    public void CircuitOpened(string hop, string endpoint) =>
        _circuitOpened.Add(1, new KeyValuePair<string, object?>("hop", hop), new KeyValuePair<string, object?>("endpoint", endpoint));

    public void BulkheadRejected(string hop) => _bulkheadRejections.Add(1, new KeyValuePair<string, object?>("hop", hop));

    /// <param name="where">Which bound was met, a word of few values.</param>
    public void Shed(string where) => _shed.Add(1, new KeyValuePair<string, object?>("where", where));

    /// <param name="kind">Which quota: requests, concurrent, or outage when none could be counted.</param>
    public void QuotaRefused(string kind) => _quotaRefusals.Add(1, new KeyValuePair<string, object?>("kind", kind));

    /// <param name="result">What became of the files: indexed, removed or refused.</param>
    public void DocumentsIndexed(string result, int files) => _documents.Add(files, new KeyValuePair<string, object?>("result", result));

    /// <summary>Lets the series that are known beforehand exist at zero: a rate over a series that appears with its first event misses that event.</summary>
    internal void Seed()
    {
        _cache.Add(0, new KeyValuePair<string, object?>("result", CacheHit));
        _cache.Add(0, new KeyValuePair<string, object?>("result", CacheMiss));
        Used(0, 0, 0);
    }
}
