using System.Buffers;
using System.Security.Cryptography;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Problems;
using AgentPlatform.Executor.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentPlatform.Executor.Idempotency;

/// <summary>Keys of callers, as the API asks about them before a request and tells the answer after it.</summary>
internal static class IdempotencyEndpoints
{
    public static IServiceCollection AddIdempotency(this IServiceCollection services)
    {
        services.TryAddSingleton<IdempotencyKeys>();
        return services;
    }

    public static RouteGroupBuilder MapIdempotency(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapTenantGroup("/idempotency");
        group.MapPost("/claim", ClaimAsync);
        group.MapPost("/settle", SettleAsync);
        group.MapPost("/release", ReleaseAsync);
        return group;
    }

    private static async Task<Results<JsonHttpResult<IdempotencyStanding>, ExecutorProblem>> ClaimAsync(
        CallerTenant tenant, HttpRequest request, IdempotencyKeys keys, CancellationToken cancellationToken)
    {
        if (await request.ReadWireAsync<IdempotencyClaim>() is not { } claim)
        {
            return ExecutorProblems.Unreadable("The body must be the claim of a key.");
        }

        var hash = new byte[SHA256.HashSizeInBytes];
        if (Convert.FromHexString(claim.BodyHash, hash, out _, out var written) != OperationStatus.Done || written != hash.Length)
        {
            return ExecutorProblems.Invalid("body_hash", "'body_hash' must be a SHA-256 in hexadecimal digits.");
        }

        return TypedResults.Json(await keys.ClaimAsync(tenant.Id, claim, hash, cancellationToken), WireJson.Options);
    }

    private static async Task<Results<JsonHttpResult<IdempotencyStanding>, ExecutorProblem>> SettleAsync(
        CallerTenant tenant, HttpRequest request, IdempotencyKeys keys, CancellationToken cancellationToken)
    {
        if (await request.ReadWireAsync<IdempotencySettlement>() is not { } settlement)
        {
            return ExecutorProblems.Unreadable("The body must be the settlement of a key.");
        }

        return TypedResults.Json(await keys.SettleAsync(tenant.Id, settlement, cancellationToken), WireJson.Options);
    }

    private static async Task<Results<NoContent, ExecutorProblem>> ReleaseAsync(
        CallerTenant tenant, HttpRequest request, IdempotencyKeys keys, CancellationToken cancellationToken)
    {
        if (await request.ReadWireAsync<IdempotencyRelease>() is not { } release)
        {
            return ExecutorProblems.Unreadable("The body must be the release of a key.");
        }

        await keys.ReleaseAsync(tenant.Id, release, cancellationToken);
        return TypedResults.NoContent();
    }
}
