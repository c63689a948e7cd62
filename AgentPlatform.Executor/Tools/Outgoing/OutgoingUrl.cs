using System.Net;

namespace AgentPlatform.Executor.Tools.Outgoing;

/// <summary>What can be seen of a URL before its name is resolved.</summary>
internal static class OutgoingUrl
{
    /// <summary>Names that stand for this machine, its network or its cloud by their nature (RFC 6761, 6762, 8375; ICANN's <c>internal</c>).</summary>
    private static readonly string[] LocalDomains = ["localhost", "localdomain", "local", "internal", "home.arpa"];

    /// <exception cref="OutgoingRefusedException">It may not be asked for.</exception>
    public static void Check(Uri uri, OutgoingHosts allowed)
    {
        if (!uri.IsAbsoluteUri || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
        {
            throw new OutgoingRefusedException("Only http and https URLs are allowed here.");
        }

        if (uri.UserInfo.Length > 0)
        {
            throw new OutgoingRefusedException("A URL with a user name or password is not allowed here.");
        }

        if (uri.IdnHost.Length == 0 || uri.Port == 0)
        {
            throw new OutgoingRefusedException("The URL names no host, or a port that does not exist.");
        }

        if (!allowed.Contains(uri) && !MayBePublic(uri.IdnHost.TrimEnd('.')))
        {
            throw OutgoingRefusedException.NotPublic(uri.IdnHost);
        }
    }

    /// <param name="host">Without the dot that ends a full name, with which an address would look like one.</param>
    private static bool MayBePublic(string host)
    {
        // A zone names an interface of this machine.
        if (host.Contains('%', StringComparison.Ordinal))
        {
            return false;
        }

        if (IPAddress.TryParse(host, out var address))
        {
            return OutgoingAddress.IsPublic(address);
        }

        // No top-level domain begins with a digit: it is an address in a notation that resolvers read differently.
        var top = host[(host.LastIndexOf('.') + 1)..];
        return top.Length > 0
            && !char.IsAsciiDigit(top[0])
            && !LocalDomains.Any(local => host.Equals(local, StringComparison.OrdinalIgnoreCase)
                || host.EndsWith($".{local}", StringComparison.OrdinalIgnoreCase));
    }
}
