using System.Collections.Frozen;
using System.Text;
using AgentPlatform.Executor.Tools.Http;

namespace AgentPlatform.Executor.Tools.OpenApi;

/// <summary>Headers that are nobody's to set but the platform's, and the check of all others.</summary>
internal static class OpenApiHeaders
{
    private static readonly FrozenSet<string> Reserved = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "Accept", "Accept-Encoding", "Authorization", "Connection", "Content-Encoding", "Content-Length", "Content-Type", "Cookie", "Expect", "Forwarded", "Host",
        IdempotencyHeader.Name, "Proxy-Authorization", "TE", "Traceparent", "Tracestate", "Trailer", "Transfer-Encoding", "Upgrade", "Via",
        "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-HTTP-Method-Override");

    public static bool IsReserved(string name) => Reserved.Contains(name) || !IsName(name);

    /// <exception cref="ToolException">It would be two headers, or none.</exception>
    public static string Checked(string argument, string value) =>
        Ascii.IsValid(value) && !value.Any(char.IsControl)
            ? value
            : throw new ToolException($"The argument '{argument}' is sent as a header and can hold printable ASCII only.", ToolErrorKind.InvalidArguments);

    private static bool IsName(string name)
    {
        using var probe = new HttpRequestMessage();
        return probe.Headers.TryAddWithoutValidation(name, "x");
    }
}
