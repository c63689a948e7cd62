namespace AgentPlatform.Executor.Documents.Indexing;

/// <summary>What one look at a folder did to its index.</summary>
/// <param name="Refused">Files that are left out: too large, or no UTF-8.</param>
internal sealed record IndexPass(int Indexed, int Unchanged, int Removed, int Refused)
{
    public bool ChangedAnything => Indexed + Removed > 0;
}
