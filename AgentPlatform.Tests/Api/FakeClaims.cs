using System.Collections.Concurrent;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http;

namespace AgentPlatform.Tests.Api;

/// <summary>The keys of a database: executors of one test share them.</summary>
internal sealed class FakeClaims
{
    private readonly Dictionary<(string Route, string Key), (string Hash, IdempotencyStanding Standing)> _keys = [];

    public ConcurrentQueue<IdempotencyClaim> Claimed { get; } = [];

    public ConcurrentQueue<IdempotencySettlement> Settled { get; } = [];

    public ConcurrentQueue<IdempotencyRelease> Released { get; } = [];

    /// <summary>Another status than 200 for everything.</summary>
    public int Status { get; set; } = StatusCodes.Status200OK;

    public IResult Claim(IdempotencyClaim claim)
    {
        lock (_keys)
        {
            Claimed.Enqueue(claim);
            var known = _keys.TryGetValue((claim.Route, claim.Key), out var entry);
            if (!known)
            {
                entry = _keys[(claim.Route, claim.Key)] = (claim.BodyHash, new IdempotencyStanding(claim.RunId));
            }

            return Answer(entry.Hash == claim.BodyHash ? entry.Standing with { IsNew = !known } : new IdempotencyStanding(claim.RunId, OtherBody: true));
        }
    }

    public IResult Settle(IdempotencySettlement settlement)
    {
        lock (_keys)
        {
            Settled.Enqueue(settlement);
            var (hash, standing) = _keys[(settlement.Route, settlement.Key)];
            standing = standing.Status is null ? standing with { Status = settlement.Status, Body = settlement.Body } : standing;
            _keys[(settlement.Route, settlement.Key)] = (hash, standing);
            return Answer(standing);
        }
    }

    public IResult Release(IdempotencyRelease release)
    {
        lock (_keys)
        {
            Released.Enqueue(release);
            _keys.Remove((release.Route, release.Key));
            return Results.NoContent();
        }
    }

    private IResult Answer(IdempotencyStanding standing) => Status == StatusCodes.Status200OK
        ? Results.Json(standing, WireJson.Options)
        : Results.Json(new { code = ProblemCodes.DatabaseUnavailable, detail = "The database does not answer." }, statusCode: Status);
}
