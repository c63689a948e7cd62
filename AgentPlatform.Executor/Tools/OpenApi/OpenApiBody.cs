namespace AgentPlatform.Executor.Tools.OpenApi;

/// <summary>The body of an operation's requests.</summary>
/// <param name="MediaType">JSON of some kind, or a form.</param>
/// <param name="Required">An empty object is sent when the model gave nothing for it.</param>
internal sealed record OpenApiBody(string MediaType, bool Required)
{
    public const string Form = "application/x-www-form-urlencoded";
}
