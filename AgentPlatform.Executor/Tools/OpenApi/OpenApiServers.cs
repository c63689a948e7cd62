namespace AgentPlatform.Executor.Tools.OpenApi;

/// <summary>Which URLs can be the server of operations.</summary>
internal static class OpenApiServers
{
    public static bool IsOne(Uri? uri) =>
        uri is { IsAbsoluteUri: true, UserInfo: "", Query: "", Fragment: "" }
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri.IdnHost.Length > 0
        && !uri.AbsoluteUri.Contains('{', StringComparison.Ordinal)
        && !uri.AbsoluteUri.Contains("%7B", StringComparison.OrdinalIgnoreCase);
}
