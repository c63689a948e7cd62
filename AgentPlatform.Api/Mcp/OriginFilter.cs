using System.Net;
using AgentPlatform.Api.Hosting;
using AgentPlatform.Api.Input;
using AgentPlatform.Api.Problems;
using AgentPlatform.Core.Wire;
using Microsoft.Extensions.Options;

namespace AgentPlatform.Api.Mcp;

/// <summary>
/// Keeps web pages out that nobody let in: a page whose name was made to point at this machine could else talk to a server that trusts its network.
/// A browser names the page's origin with each POST; who names none is no page. That page and server have the same name proves nothing here.
/// </summary>
internal sealed class OriginFilter(IOptions<McpServerSettings> settings, IOptions<CrossOriginOptions> pages) : IEndpointFilter
{
    private readonly HashSet<string> _allowed = new([.. settings.Value.AllowedOrigins, .. pages.Value.Origins], StringComparer.OrdinalIgnoreCase);

    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0 || _allowed.Contains(origin) || IsOfThisMachine(origin, request.Host)
            ? next(context)
            : ValueTask.FromResult<object?>(Problem.Result(
                StatusCodes.Status403Forbidden,
                ProblemCodes.OriginNotAllowed,
                $"Pages of '{Words.Short(origin)}' may not call this server. {McpServerSettings.Section}:{nameof(McpServerSettings.AllowedOrigins)} lists those that may.",
                "Origin"));
    }

    /// <summary>A page of this machine that calls it by a name that only this machine has: a developer's.</summary>
    private static bool IsOfThisMachine(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri) && IsLoopback(uri.Host) && IsLoopback(host.Host);

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
