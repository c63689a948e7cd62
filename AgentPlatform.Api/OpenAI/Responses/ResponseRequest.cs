using System.Text.Json;
using AgentPlatform.Api.Admission;
using AgentPlatform.Api.Agent;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.OpenAI.Responses;

/// <summary>A request for a response, read and found good.</summary>
internal sealed record ResponseRequest
{
    public required string Model { get; init; }

    /// <summary>What the person says now.</summary>
    public required string Question { get; init; }

    /// <summary>Everything else; null when a question was asked and nothing else said.</summary>
    public CallerContext? Context { get; init; }

    public required ResponseEcho Echo { get; init; }

    public bool Background { get; init; }

    public bool Store { get; init; } = true;

    public bool Stream { get; init; }

    /// <summary>The run it goes on from.</summary>
    public Guid? Previous { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    public string? User { get; init; }

    /// <summary>The question before it has its place in a conversation.</summary>
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
            Strict = strict,
            Waited = AdmissionControl.Waited(context),
            Metadata = Metadata,
            User = User,
            CacheRead = preferences.CacheRead,
            CacheWrite = preferences.CacheWrite,
            CacheMaxAge = preferences.CacheMaxAge,
            Watch = Stream,
            Language = preferences.Language,
            Echo = Store ? JsonSerializer.SerializeToElement(Echo, ResponsesJson.Kept.ResponseEcho) : null,
        };
    }
}
