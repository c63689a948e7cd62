using System.Text.Json;
using System.Text.Json.Serialization;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Problems;

namespace AgentPlatform.Executor.Sessions.Administration;

/// <summary>Body of <c>POST /sessions</c>; an empty body asks for a session with a name of ours.</summary>
internal sealed record NewSession
{
    private static readonly JsonSerializerOptions Reading = CreateReading();

    public string? SessionId { get; init; }

    /// <summary>The caller's label for the person.</summary>
    public string? User { get; init; }

    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>Set instead of the rest when the body cannot be read.</summary>
    [JsonIgnore]
    public ExecutorProblem? Problem { get; init; }

    public static async ValueTask<NewSession> BindAsync(HttpContext httpContext)
    {
        var request = httpContext.Request;
        if (request.ContentLength is null or 0 && request.ContentType is null)
        {
            return new NewSession();
        }

        if (!request.HasJsonContentType())
        {
            return new NewSession { Problem = ExecutorProblems.UnsupportedMediaType() };
        }

        try
        {
            return await JsonSerializer.DeserializeAsync<NewSession>(request.Body, Reading, httpContext.RequestAborted) ?? Refused(null);
        }
        catch (JsonException mistake)
        {
            return Refused(mistake.Path);
        }
    }

    private static NewSession Refused(string? path) => new()
    {
        Problem = ExecutorProblems.Invalid(
            path?.TrimStart('$', '.') is { Length: > 0 } member ? member : "body",
            "The body must be a JSON object of 'session_id', 'user' and 'metadata' (labels: text to text)."),
    };

    private static JsonSerializerOptions CreateReading()
    {
        var options = new JsonSerializerOptions { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };
        WireJson.Apply(options);
        return options;
    }
}
