using AgentPlatform.Api.Agent;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.OpenAI.Chat;

/// <summary>A request for a chat completion, read and found good.</summary>
internal sealed record ChatRequest
{
    /// <summary>The agent.</summary>
    public required string Model { get; init; }

    /// <summary>What the person said last.</summary>
    public required string Question { get; init; }

    /// <summary>Everything else; null when a question was asked and nothing else said, which is the question of <c>POST /agent</c>.</summary>
    public CallerContext? Context { get; init; }

    public bool Stream { get; init; }

    public bool IncludeUsage { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    public string? User { get; init; }

    /// <param name="timeout">Seconds.</param>
    public AgentQuestion ToQuestion(HttpContext context, double timeout, bool strict)
    {
        var preferences = CallerPreferences.Of(context.Request);
        return new AgentQuestion
        {
            TenantId = Tenant.Of(context),
            Question = Question,
            Context = Context,
            Agent = Model,
            Timeout = timeout,
            Strict = strict || preferences.CacheOnly,
            Metadata = Metadata,
            User = User,
            CacheRead = preferences.CacheRead,
            CacheWrite = preferences.CacheWrite,
            CacheMaxAge = preferences.CacheMaxAge,
            CacheOnly = preferences.CacheOnly,
            Language = preferences.Language,
        };
    }
}
