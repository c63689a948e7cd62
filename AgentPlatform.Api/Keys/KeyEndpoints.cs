using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.Api.Identity;
using AgentPlatform.Api.Input;
using AgentPlatform.Api.OpenApi;
using AgentPlatform.Core.Identity;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.Keys;

/// <summary>The API keys of the caller's tenant.</summary>
internal static class KeyEndpoints
{
    public static RouteGroupBuilder MapApiKeys(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/keys").WithTags("Keys").RequireScope(Scopes.Admin);
        group.MapGet("", ListAsync)
            .WithName("listKeys")
            .WithSummary("The keys of your tenant: those in use first, then the others, the newest of each first")
            .WithDescription("Revoked ones and those past their time too. A key itself is shown once, when it is made.")
            .ProducesProblems(503);
        group.MapPost("", CreateAsync)
            .WithName("createKey")
            .WithSummary("Make a key")
            .WithDescription("`key` is told this once: only its hash is kept.")
            .WithBody<NewKeyBody>(NewKeyBody.Shape)
            .ProducesProblems(400, 413, 415, 429, 503);
        group.MapDelete("/{key_id}", RevokeAsync)
            .WithName("revokeKey")
            .WithSummary("Revoke a key")
            .WithDescription("Every API refuses it within 30 seconds. Revoking it again changes nothing.")
            .ProducesProblems(400, 404, 503);
        return group;
    }

    private static async Task<Results<Ok<Page<ApiKeyView>>, ProblemHttpResult>> ListAsync(
        HttpContext context, ExecutorQueries executor, CancellationToken cancellationToken)
    {
        var keys = await executor.KeysAsync(Tenant.Of(context), cancellationToken);
        return keys.IsGood ? TypedResults.Ok(keys.Value) : keys.Problem;
    }

    private static async Task<Results<Created<MadeApiKey>, ProblemHttpResult>> CreateAsync(
        HttpContext context, ExecutorQueries executor, TimeProvider time, CancellationToken cancellationToken)
    {
        var body = await JsonBody.ReadAsync<NewKeyBody>(context.Request, NewKeyBody.Shape, cancellationToken);
        if (!body.IsGood)
        {
            return body.Problem;
        }

        var key = body.Value.ToKey(time);
        if (!key.IsGood)
        {
            return key.Problem;
        }

        var made = await executor.CreateKeyAsync(Tenant.Of(context), key.Value, cancellationToken);
        if (!made.IsGood)
        {
            return made.Problem;
        }

        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Created($"/keys/{made.Value.Details.Id}", made.Value);
    }

    private static async Task<Results<Ok<ApiKeyView>, ProblemHttpResult>> RevokeAsync(
        string key_id, HttpContext context, ExecutorQueries executor, CancellationToken cancellationToken)
    {
        if (!Checks.TryKeyId(key_id, out var id, out var problem))
        {
            return problem;
        }

        var revoked = await executor.RevokeKeyAsync(Tenant.Of(context), id, cancellationToken);
        return revoked.IsGood ? TypedResults.Ok(revoked.Value) : revoked.Problem;
    }
}
