using System.Diagnostics;
using AgentPlatform.Api.Audit;
using AgentPlatform.Api.Problems;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.Identity;

/// <summary>What a caller who may not is told: who they would have to be, and nothing about what there is.</summary>
internal sealed partial class RefusedCaller(DeniedReports denied, ILogger<RefusedCaller> logger) : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
        {
            return next(context);
        }

        var path = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "an unknown path";
        if (authorizeResult.Forbidden)
        {
            var scope = context.GetEndpoint()?.Metadata.GetMetadata<RequiredScope>()?.Scope ?? "another";
            var caller = CallerClaims.NameOf(context);
            LogForbidden(caller, context.Request.Method, path, scope);
            denied.Report(new DeniedAccess(Tenant.Of(context), caller, $"{context.Request.Method} {path.TrimEnd('/')} ({scope})", Activity.Current?.TraceId.ToString()));
            return (context.User.HasClaim(CallerClaims.Scope, scope) ? OperatorsOnly() : Forbidden(scope)).ExecuteAsync(context);
        }

        if (context.Features.Get<IdentityUnavailable>() is not null)
        {
            return Problem.ExecutorUnavailable("Nobody can say now whose key this is. Try again in a moment.").ExecuteAsync(context);
        }

        LogUnauthenticated(context.Request.Method, path);
        context.Response.Headers.WWWAuthenticate = "Bearer";
        return Unauthenticated().ExecuteAsync(context);
    }

    private static ProblemHttpResult Unauthenticated() => Problem.Result(
        StatusCodes.Status401Unauthorized, ProblemCodes.Unauthenticated,
        "Say who you are: send a valid API key as 'Authorization: Bearer ap_…' or 'x-api-key', or a valid token where tokens are accepted.",
        "Authorization");

    private static ProblemHttpResult Forbidden(string scope) => Problem.Result(
        StatusCodes.Status403Forbidden, ProblemCodes.Forbidden, $"This needs the scope '{scope}', which your key or token does not have.", "Authorization");

    private static ProblemHttpResult OperatorsOnly() => Problem.Result(
        StatusCodes.Status403Forbidden, ProblemCodes.Forbidden,
        "What this changes holds for all tenants: it takes an admin of the tenant that 'Identity:OperatorTenant' names.", "Authorization");

    [LoggerMessage(LogLevel.Warning, "A caller without a valid key or token was refused at {Method} {Path}", EventName = "access_unauthenticated")]
    private partial void LogUnauthenticated(string method, string path);

    [LoggerMessage(LogLevel.Warning, "{Caller} was refused at {Method} {Path}: the scope {Scope} is missing", EventName = "access_forbidden")]
    private partial void LogForbidden(string caller, string method, string path, string scope);
}
