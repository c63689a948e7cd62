using AgentPlatform.Api.Problems;
using AgentPlatform.Core.Wire;
using AgentPlatform.ServiceDefaults.Input;
using Microsoft.Net.Http.Headers;

namespace AgentPlatform.Api.Hosting;

internal static class RequestRules
{
    /// <summary>Refuses requests whose address or headers no route could take, before anybody looks at who sends them.</summary>
    public static IApplicationBuilder UseRequestRules(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        if (RequestMistake.Of(context.Request) is not { } mistake)
        {
            return next(context);
        }

        var isMedia = mistake.Status == StatusCodes.Status415UnsupportedMediaType;
        if (isMedia)
        {
            // RFC 9110, 15.5.16: what would have been taken.
            context.Response.Headers[HeaderNames.AcceptEncoding] = "identity";
        }

        return Problem.Result(mistake.Status, isMedia ? ProblemCodes.UnsupportedMediaType : ProblemCodes.InvalidRequest, mistake.Detail, mistake.Field).ExecuteAsync(context);
    });
}
