namespace AgentPlatform.Benchmarks.Overload;

/// <summary>What came back of an open loop, by kind of answer.</summary>
/// <param name="Offered">Requests sent.</param>
/// <param name="Answered">200.</param>
/// <param name="InTime">200 within the question's timeout.</param>
/// <param name="Degraded">200 with another answer than the agent's own.</param>
/// <param name="Refused">503 with <c>Retry-After</c>.</param>
/// <param name="NotFound">404.</param>
/// <param name="Other">Anything else, broken connections included.</param>
/// <param name="FirstOther">The first of those.</param>
/// <param name="AnswerMs">p50, p95, p99.</param>
/// <param name="RefusalMs">p50, p95, p99.</param>
/// <param name="NotFoundMs">p50, p95, p99.</param>
internal sealed record GeneratorResult(
    long Offered,
    long Answered,
    long InTime,
    long Degraded,
    long Refused,
    long NotFound,
    long Other,
    string? FirstOther,
    double[] AnswerMs,
    double[] RefusalMs,
    double[] NotFoundMs);
