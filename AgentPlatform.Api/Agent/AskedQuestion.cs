using AgentPlatform.Api.Degradation;
using AgentPlatform.Api.Streaming;
using AgentPlatform.Core.AnswerCache;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.Agent;

/// <summary>A question on its way: the agent that is to answer it, the id of its run, its deadlines and its place in the cache.</summary>
internal sealed record AskedQuestion
{
    // The smallest timeout an executor takes.
    private const double ShortestTimeout = 0.1;

    private readonly FallbackOptions _options;
    private readonly Deadline _timeout;

    private AskedQuestion(AgentQuestion question, AgentInfo? agent, Guid runId, Deadline timeout, FallbackOptions options)
    {
        _options = options;
        _timeout = timeout;
        Question = question;
        Agent = agent;
        RunId = runId;
        Key = agent is { Cache.Enabled: true } && question.SessionId is null ? KeyUnder(agent) : null;
    }

    public AgentQuestion Question { get; }

    /// <summary>Null when the catalogue was never seen.</summary>
    public AgentInfo? Agent { get; }

    /// <summary>The run of this question, unless it joins that of another.</summary>
    public Guid RunId { get; }

    /// <summary>Who watches the answer being made; null when nobody does.</summary>
    public ILiveAnswer? Live { get; init; }

    /// <summary>
    /// Null when the answer has no place in the cache that is known here: the agent's answers are not kept, or the history
    /// of the conversation is part of the key and only the session knows it.
    /// </summary>
    public AnswerKey? Key { get; }

    /// <summary>
    /// Whether equal questions may share one run. Not when the agent can write: two people who each ask for a ticket want
    /// two tickets.
    /// </summary>
    public bool MayShare => Agent?.Tools.All(tool => tool.Effect is ToolEffect.Pure or ToolEffect.Read) ?? false;

    /// <summary>When no outcome of the run is waited for any longer.</summary>
    public Deadline RunUntil => _timeout.Plus(_options.Grace);

    /// <summary>When the caller must have an answer.</summary>
    public Deadline AnswerUntil => _timeout.Plus(_options.Deadline);

    /// <summary>There is time for another attempt of about the length the caller wanted.</summary>
    public bool HasTimeForAnother => _timeout.Remaining.TotalSeconds > Question.Timeout / 2;

    public static AskedQuestion Of(
        AgentQuestion question, AgentInfo? agent, Deadline timeout, FallbackOptions options, TimeProvider timeProvider) =>
        new(question, agent, question.RunId ?? Guid.CreateVersion7(timeProvider.GetUtcNow()), timeout, options);

    /// <summary>The key of the answer of another version of the agent.</summary>
    public AnswerKey KeyUnder(AgentInfo agent) => AnswerKey.Of(new AnswerKeyParts(
        Question.TenantId,
        agent.Name,
        agent.Version,
        agent.ModelSettings,
        agent.NamesUser ? Question.User ?? "" : "",
        HistoryDigest.Empty,
        Question.Question,
        agent.Cache.Form,
        ContextDigest.Of(Question.Context)));

    /// <summary>Whether a cached answer is young enough for the caller.</summary>
    public bool Takes(CachedAnswer cached, DateTimeOffset now) =>
        Question.CacheMaxAge is not { } longest || now - cached.WrittenAt <= longest;

    /// <summary>The body for the executor; the run gets the time that is left.</summary>
    public RunRequest Request(Guid runId, bool attach) => Question.ToRequest(
        runId, Math.Max(ShortestTimeout, Math.Round(_timeout.Remaining.TotalSeconds, 3)), attach || Question.MayExist);
}
