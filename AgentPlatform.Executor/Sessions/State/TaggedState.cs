using System.Globalization;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Executor.Sessions.State;

/// <summary>A session's state as an answer, with its version as <c>ETag</c>.</summary>
internal sealed class TaggedState(SessionState state) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{state.Version}\"");
        return httpContext.Response.WriteAsJsonAsync(state, WireJson.Options, httpContext.RequestAborted);
    }
}
