using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace AgentPlatform.Executor.Tools.Outgoing;

/// <summary>
/// Hosts that may be reached although their address is not public: <c>host:port</c>, or <c>host</c> for the scheme's usual
/// port. Exactly these names; an address that a name stands for is not allowed with it.
/// </summary>
internal sealed partial class OutgoingHosts(IEnumerable<string> entries)
{
    public const string EntryRule = "each entry is a host, or host:port, such as intranet.example.org or localhost:8080";

    private readonly FrozenSet<string> _entries = entries.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static OutgoingHosts None { get; } = new([]);

    public static bool IsEntry(string entry) => Entry().IsMatch(entry);

    public bool Contains(Uri uri)
    {
        var host = uri.HostNameType is UriHostNameType.IPv6 ? uri.Host : uri.IdnHost;
        return _entries.Contains(FormattableString.Invariant($"{host}:{uri.Port}")) || (uri.IsDefaultPort && _entries.Contains(host));
    }

    [GeneratedRegex(@"^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+)(:[0-9]{1,5})?$")]
    private static partial Regex Entry();
}
