using AgentPlatform.Api.Agent;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>A request for a response, read and found good.</summary>
internal sealed record ResponseRequest
{
    public required string Model { get; init; }

    /// <summary>What the person says now.</summary>
    public required string Question { get; init; }

    public required ResponseEcho Echo { get; init; }

    public bool Background { get; init; }

    public bool Store { get; init; } = true;

    public bool Stream { get; init; }

    /// <summary>The run it goes on from.</summary>
    public Guid? Previous { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    public string? User { get; init; }

    /// <summary>The question before it has its place in a conversation.</summary>
    public AgentQuestion ToQuestion(HttpContext context)
    {
        var preferences = CallerPreferences.Of(context.Request);
        return new AgentQuestion
        {
            TenantId = Tenant.Of(context),
            Question = Question,
            Agent = Model,
            Metadata = Metadata,
            User = User,
            CacheRead = preferences.CacheRead,
            CacheWrite = preferences.CacheWrite,
            CacheMaxAge = preferences.CacheMaxAge,
            Language = preferences.Language,
            Echo = Store ? System.Text.Json.JsonSerializer.SerializeToElement(Echo, ResponsesJson.Compact.ResponseEcho) : null,
        };
    }
}
