namespace AgentPlatform.ServiceDefaults.Input;

/// <summary>What percent-encoded text turned out to be.</summary>
internal enum PercentTextKind
{
    Good,
    BadEscape,
    NotUtf8,
    Control,
}
