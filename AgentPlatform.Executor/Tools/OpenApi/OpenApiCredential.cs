namespace AgentPlatform.Executor.Tools.OpenApi;

/// <summary>A secret that goes with each request, by its name in the configuration.</summary>
/// <param name="Name">Of the header, the query parameter or the cookie; empty for the two that use <c>Authorization</c>.</param>
internal sealed record OpenApiCredential(string Secret, OpenApiCredentialKind Kind, string Name = "");

internal enum OpenApiCredentialKind
{
    Header,
    Query,
    Cookie,
    Bearer,

    /// <summary>The secret is <c>user:password</c>.</summary>
    Basic,
}
