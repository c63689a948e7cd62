using System.Text;

namespace AgentPlatform.Executor.Tools.Mcp;

/// <summary>What holds of every declared server, wherever it is declared.</summary>
internal static class McpServerRules
{
    /// <summary>Keys, in the configuration's spelling, with what is wrong there. No value is shown: it may be a secret.</summary>
    public static IEnumerable<(string Key, string Problem)> Broken(McpServerDefinition server, ToolSecrets secrets)
    {
        switch (server.Command, server.Url)
        {
            case (null, null):
                yield return ("Command", "it is missing; name the program to start, or give the Url of an HTTP server");
                break;
            case (not null, not null):
                yield return ("Url", "a server is a program or an HTTP server; remove one of Command and Url");
                break;
            case (null, { } url) when !IsEndpoint(url):
                yield return ("Url", "give an absolute http or https URL without a user name");
                break;
        }

        if (server.Command is null && (server.Arguments.Count > 0 || server.Environment.Count > 0 || server.WorkingDirectory is not null))
        {
            yield return ("Arguments", "arguments, environment and working directory are for programs; an HTTP server has Headers");
        }

        if (server.Url is null && server.Headers.Count > 0)
        {
            yield return ("Headers", "a program gets no headers; use Environment");
        }

        foreach (var (name, value) in server.Headers.Where(header => !IsHeader(header.Key, header.Value)))
        {
            yield return ($"Headers:{name}", "this is no header that can be set here, or its value is not printable ASCII");
        }

        foreach (var name in server.Environment.Keys.Where(name => name.Length == 0 || name.Contains('=', StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal)))
        {
            yield return ($"Environment:{name}", "this is no name of an environment variable");
        }

        var named = server.Headers.Select(header => (Key: $"Headers:{header.Key}", header.Value))
            .Concat(server.Environment.Select(variable => (Key: $"Environment:{variable.Key}", variable.Value)));
        foreach (var (key, value) in named)
        {
            foreach (var missing in secrets.Missing(value))
            {
                yield return (key, $"there is no secret '{missing}': set {ToolSecrets.Section}:{missing}");
            }
        }
    }

    private static bool IsEndpoint(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps)
        && uri.UserInfo.Length == 0;

    private static bool IsHeader(string name, string value)
    {
        using var probe = new HttpRequestMessage();
        return !name.StartsWith("mcp-", StringComparison.OrdinalIgnoreCase)
            && name.ToUpperInvariant() is not ("HOST" or "ACCEPT" or "CONNECTION" or "TRANSFER-ENCODING" or "LAST-EVENT-ID" or "TRACEPARENT" or "TRACESTATE")
            && value.Length > 0 && Ascii.IsValid(value) && !value.Any(char.IsControl)
            && probe.Headers.TryAddWithoutValidation(name, "x");
    }
}
