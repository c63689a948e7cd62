using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.Identity;

/// <summary>How a key stands.</summary>
/// <param name="Holder">Whose it is; null when it is nobody's, or nobody can say.</param>
/// <param name="IsUnknown">No executor could be asked.</param>
internal sealed record KeyStanding(KeyHolder? Holder, bool IsUnknown = false)
{
    public static KeyStanding NotGood { get; } = new(Holder: null);

    public static KeyStanding Unknown { get; } = new(null, IsUnknown: true);
}
