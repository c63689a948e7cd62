using System.Security.Cryptography;
using AgentPlatform.Api.Problems;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.Mcp;

/// <summary>
/// Gives a client of the revisions before 2026-07-28 an id by the header that those have for sessions. No session stands behind it: it only tells clients
/// apart whose requests are numbered alike, so that one of them can cancel its own at any API process.
/// </summary>
internal sealed class ClientIdFilter : IEndpointFilter
{
    private const string Header = "Mcp-Session-Id";
    private const int Digits = 32;

    private static readonly object Key = new();

    /// <summary>Null when the client has none.</summary>
    public static string? ClientOf(HttpContext context) => context.Items.TryGetValue(Key, out var id) ? (string?)id : null;

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (http.Request.Headers.TryGetValue(Header, out var sent))
        {
            // A server without sessions behind the ids is none that the library knows: it would refuse the header.
            http.Request.Headers.Remove(Header);
            var id = sent.ToString();
            if (id.Length != Digits || !id.All(char.IsAsciiHexDigitLower))
            {
                return ValueTask.FromResult<object?>(Problem.Result(
                    StatusCodes.Status404NotFound, ProblemCodes.NotFound, $"'{Header}' is no id of this server's. Begin with 'initialize' again.", Header));
            }

            http.Items[Key] = id;
        }
        else if (!http.Request.Headers.ContainsKey(McpRevision.Header))
        {
            http.Response.Headers[Header] = RandomNumberGenerator.GetHexString(Digits, lowercase: true);
        }

        return next(context);
    }
}
