namespace AgentPlatform.ServiceDefaults;

/// <summary>
/// The names by which the app model and the services know each other: connection strings
/// (<c>ConnectionStrings__cache</c>, <c>ConnectionStrings__agentdb</c>) and service discovery (<c>services__executor__http__0</c>).
/// </summary>
public static class ResourceNames
{
    /// <summary>The Redis-compatible cache.</summary>
    public const string Cache = "cache";

    /// <summary>The Postgres server.</summary>
    public const string Postgres = "postgres";

    /// <summary>The database on <see cref="Postgres"/>.</summary>
    public const string Database = "agentdb";

    /// <summary>The stateful back: sessions, runs, tools, journal.</summary>
    public const string Executor = "executor";

    /// <summary>The stateless public front.</summary>
    public const string Api = "api";
}
