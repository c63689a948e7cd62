using System.Text.Json;

namespace AgentPlatform.Executor.Cluster;

/// <summary>What the table keeps of a silo as JSON; status, etag and heartbeat have columns of their own.</summary>
internal sealed record SiloRecord
{
    public required IReadOnlyList<SiloVote> Votes { get; init; }
    public int ProxyPort { get; init; }
    public string? HostName { get; init; }
    public string? SiloName { get; init; }
    public string? RoleName { get; init; }
    public int UpdateZone { get; init; }
    public int FaultZone { get; init; }
    public required DateTime StartTime { get; init; }

    public static string Write(MembershipEntry entry) => JsonSerializer.Serialize(
        new SiloRecord
        {
            Votes = [.. (entry.SuspectTimes ?? []).Select(vote => new SiloVote(vote.Item1.ToParsableString(), Utc(vote.Item2)))],
            ProxyPort = entry.ProxyPort,
            HostName = entry.HostName,
            SiloName = entry.SiloName,
            RoleName = entry.RoleName,
            UpdateZone = entry.UpdateZone,
            FaultZone = entry.FaultZone,
            StartTime = Utc(entry.StartTime),
        },
        JsonSerializerOptions.Web);

    public static MembershipEntry Read(string silo, string status, string json, DateTime aliveAt)
    {
        var record = JsonSerializer.Deserialize<SiloRecord>(json, JsonSerializerOptions.Web)!;
        return new MembershipEntry
        {
            SiloAddress = SiloAddress.FromParsableString(silo),
            Status = Enum.Parse<SiloStatus>(status),
            SuspectTimes = [.. record.Votes.Select(vote => Tuple.Create(SiloAddress.FromParsableString(vote.By), vote.At))],
            ProxyPort = record.ProxyPort,
            HostName = record.HostName!,
            SiloName = record.SiloName!,
            RoleName = record.RoleName,
            UpdateZone = record.UpdateZone,
            FaultZone = record.FaultZone,
            StartTime = record.StartTime,
            IAmAliveTime = aliveAt,
        };
    }

    /// <summary>Orleans' times are UTC, not all of them marked so.</summary>
    public static DateTime Utc(DateTime time) => DateTime.SpecifyKind(time, DateTimeKind.Utc);
}

/// <summary>One silo's word that another is dead.</summary>
internal sealed record SiloVote(string By, DateTime At);
