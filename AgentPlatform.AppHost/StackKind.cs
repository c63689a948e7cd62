namespace AgentPlatform.AppHost;

/// <summary>The two ways to run the one app model.</summary>
internal enum StackKind
{
    /// <summary>Stores in containers, the Aspire dashboard, and the manifest for deployments.</summary>
    Aspire,

    /// <summary>Everything as child processes: needs PostgreSQL's binaries, no container runtime.</summary>
    Local,
}
