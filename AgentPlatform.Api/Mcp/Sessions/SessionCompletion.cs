using System.Globalization;
using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Api.Input;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AgentPlatform.Api.Mcp.Sessions;

/// <summary>Completes the id in a session's URI from the newest sessions. Nothing else here has anything to complete.</summary>
internal sealed class SessionCompletion(ExecutorQueries executor, IHttpContextAccessor contexts)
{
    public async ValueTask<CompleteResult> CompleteAsync(RequestContext<CompleteRequestParams> request, CancellationToken cancellationToken)
    {
        if (request.Params is not { Ref: ResourceTemplateReference { Uri: SessionUri.Template or SessionUri.TurnsTemplate }, Argument: { Name: SessionUri.Variable } argument })
        {
            return new CompleteResult();
        }

        var page = await executor.SessionsAsync(
            SessionScope.TenantOf(contexts.HttpContext!), QueryString.Create("limit", ListQuery.MaxLimit.ToString(CultureInfo.InvariantCulture)), cancellationToken);
        string[] found = [.. (page.Value?.Items ?? []).Select(session => session.SessionId).Where(id => id.StartsWith(argument.Value, StringComparison.Ordinal))];
        return new CompleteResult { Completion = new Completion { Values = found, HasMore = page.Value?.Next is not null } };
    }
}
