namespace AgentPlatform.AppHost.Local;

/// <summary>A program to start as a child.</summary>
internal sealed record LaunchCommand(string FileName, params IReadOnlyList<string> Arguments)
{
    /// <summary>Set on top of the inherited environment; null removes a variable.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Written to its standard input, which is then closed.</summary>
    public string Input { get; init; } = "";

    public string? WorkingDirectory { get; init; }

    /// <summary>The account to run as; null: the caller's.</summary>
    public UnixUser? User { get; init; }

    /// <summary>What the child receives when the AppHost dies without stopping it.</summary>
    public UnixSignal DeathSignal { get; init; } = UnixSignal.Kill;
}
