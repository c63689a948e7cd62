using System.Buffers;
using System.Security.Cryptography;
using AgentPlatform.Core.Identity;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Audit;
using AgentPlatform.Executor.Problems;
using AgentPlatform.Executor.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Executor.Keys;

/// <summary>Whose a key is, for the API; and the keys of one tenant, for its administrators.</summary>
internal static class KeyEndpoints
{
    public static IServiceCollection AddApiKeys(this IServiceCollection services) => services.AddAudit().AddSingleton<ApiKeys>();

    public static void MapApiKeys(this IEndpointRouteBuilder endpoints)
    {
        // A key is what says which tenant it is, so nobody can be asked for one.
        endpoints.MapPost("/keys/verify", VerifyAsync).AddEndpointFilter<DatabaseDeadline>();

        var group = endpoints.MapTenantGroup("/keys");
        group.MapGet("/", ListAsync);
        group.MapPost("/", CreateAsync);
        group.MapDelete("/{keyId:guid}", RevokeAsync).WithAudit(AuditActions.KeyRevoked);
    }

    private static async Task<Results<JsonHttpResult<KeyHolder>, ExecutorProblem>> VerifyAsync(
        HttpRequest request, ApiKeys keys, CancellationToken cancellationToken)
    {
        var hash = new byte[SHA256.HashSizeInBytes];
        if (await request.ReadWireAsync<KeyProof>() is not { Hash: { } text }
            || Convert.FromHexString(text, hash, out _, out var written) != OperationStatus.Done || written != hash.Length)
        {
            return ExecutorProblems.Invalid("hash", "'hash' must be a SHA-256 in hexadecimal digits.");
        }

        return await keys.VerifyAsync(hash, cancellationToken) is { } holder
            ? TypedResults.Json(holder, WireJson.Options)
            : ExecutorProblems.KeyNotFound();
    }

    private static async Task<JsonHttpResult<Page<ApiKeyView>>> ListAsync(CallerTenant tenant, ApiKeys keys, CancellationToken cancellationToken) =>
        TypedResults.Json(new Page<ApiKeyView>(await keys.ListAsync(tenant.Id, cancellationToken), null), WireJson.Options);

    private static async Task<Results<JsonHttpResult<MadeApiKey>, ExecutorProblem>> CreateAsync(
        CallerTenant tenant, CallerActor actor, HttpRequest request, ApiKeys keys, AuditTrail trail, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await request.ReadWireAsync<NewApiKey>() is not { } key)
        {
            return ExecutorProblems.Unreadable("The body must describe the key.");
        }

        if (ApiKeyRules.Broken(key, time.GetUtcNow()) is { } broken)
        {
            return ExecutorProblems.Invalid(broken.Field, broken.Detail);
        }

        if (await keys.CreateAsync(tenant.Id, key, cancellationToken) is not { } made)
        {
            return ExecutorProblems.TooManyKeys();
        }

        await trail.RecordAsync(tenant.Id, actor.Name, AuditActions.KeyCreated, made.Details.Id.ToString());
        return TypedResults.Json(made, WireJson.Options);
    }

    private static async Task<Results<JsonHttpResult<ApiKeyView>, ExecutorProblem>> RevokeAsync(
        CallerTenant tenant, Guid keyId, ApiKeys keys, CancellationToken cancellationToken) =>
        await keys.RevokeAsync(tenant.Id, keyId, cancellationToken) is { } revoked
            ? TypedResults.Json(revoked, WireJson.Options)
            : ExecutorProblems.KeyNotFound();
}
