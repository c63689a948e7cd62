using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Microsoft.Security.AntiSSRF;

namespace AgentPlatform.Executor.Tools.Outgoing;

/// <summary>
/// Which addresses are somebody's on the public internet. Refused are the ranges of <c>Microsoft.Security.AntiSSRF</c>
/// (private, loopback, link-local, carrier NAT, multicast, reserved, documentation, benchmark, translation and tunnel
/// prefixes, the metadata services of clouds). What that list leaves out is added here: IPv6 outside of what has been
/// given out for use at all, with the v4-compatible and v4-translated forms; and ISATAP names of an IPv4 address.
/// </summary>
internal static class OutgoingAddress
{
    private static readonly ImmutableArray<IPNetwork> NotPublic = [.. IPAddressRanges.recommendedLatest.Select(range => IPNetwork.Parse(range))];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return IsPublic(address.MapToIPv4());
        }

        if (NotPublic.Any(range => range.Contains(address)))
        {
            return false;
        }

        return address.AddressFamily is AddressFamily.InterNetwork
            || (address.ScopeId == 0 && GlobalUnicast.Contains(address) && (Isatap(address) is not { } inner || IsPublic(inner)));
    }

    /// <summary>The IPv4 address in an interface id <c>::0:5efe:a.b.c.d</c> or <c>::200:5efe:a.b.c.d</c>, RFC 5214.</summary>
    private static IPAddress? Isatap(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        return bytes.AsSpan(8, 4) is [0 or 2, 0, 0x5e, 0xfe] ? new IPAddress(bytes.AsSpan(12)) : null;
    }
}
