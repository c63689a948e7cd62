using System.Buffers;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace AgentPlatform.ServiceDefaults.Secrets;

/// <summary>
/// Takes secrets out of texts. It knows those of the configuration, wherever they are set, and what credentials look like. Remote texts (errors of models, results
/// of tools) pass it where they come in, because a server may repeat what it was sent; log lines and exported telemetry pass it where they go out.
/// </summary>
public sealed partial class SecretMask
{
    /// <summary>Stands where a secret stood.</summary>
    public const string Mark = "[redacted]";

    /// <summary>What a credential begins with, or the name in front of it: without one of them a text is not searched any further.</summary>
    private static readonly string[] Signs =
        ["ap_", "eyJ", "bearer ", "basic ", "password=", "passwd=", "pwd=", "token=", "secret=", "api_key=", "api-key=", "apikey=", "key=", "signature=", "sig="];

    private readonly Func<IEnumerable<string>> _secrets;
    private volatile Known? _known;

    private SecretMask(Func<IEnumerable<string>> secrets) => _secrets = secrets;

    /// <summary>Knows no configuration.</summary>
    public static SecretMask None { get; } = new(() => []);

    /// <summary>Follows the configuration when it changes.</summary>
    public static SecretMask Of(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var mask = new SecretMask(() => ConfiguredSecrets.Of(configuration));
        ChangeToken.OnChange(configuration.GetReloadToken, () => mask._known = null);
        return mask;
    }

    /// <summary>Without the secrets of the configuration: for what a model or a person is to read, which may speak of other people's keys.</summary>
    public string Hide(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var known = KnownNow();
        return text.AsSpan().IndexOfAny(known.Search) < 0 ? text : Without(text, known);
    }

    /// <summary>Also without anything that looks like a credential: for logs and telemetry, where nobody needs one.</summary>
    public string HideAll(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var known = KnownNow();
        return text.AsSpan().IndexOfAny(known.SearchAll) < 0 ? text : Credential().Replace(Without(text, known), $"${{name}}{Mark}");
    }

    private static string Without(string text, Known known) =>
        known.Secrets.Aggregate(text, static (left, secret) => left.Replace(secret, Mark, StringComparison.Ordinal));

    private Known KnownNow() => _known ??= Known.Of(_secrets());

    // Our keys, JWTs, the two usual schemes, and members of queries, forms and connection strings.
    [GeneratedRegex(
        """(?<name>)\bap_[A-Za-z0-9]{16,}|(?<name>)\beyJ[\w-]{6,}\.[\w-]{6,}\.[\w-]*|(?<name>\b(?:bearer|basic)\s+)[\w.~+/=-]{8,}|(?<name>(?<!\w)(?:password|passwd|pwd|(?:\w*_)?token|(?:client_)?secret|api[_-]?key|key|signature|sig)=)[^&;,\s"'}]+""",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Credential();

    /// <param name="Secrets">Longest first: one may be part of another.</param>
    private sealed record Known(IReadOnlyList<string> Secrets, SearchValues<string> Search, SearchValues<string> SearchAll)
    {
        public static Known Of(IEnumerable<string> secrets)
        {
            var all = secrets.Distinct(StringComparer.Ordinal).OrderByDescending(secret => secret.Length).ToArray();
            return new Known(
                all,
                SearchValues.Create(all, StringComparison.Ordinal),
                SearchValues.Create([.. all, .. Signs], StringComparison.OrdinalIgnoreCase));
        }
    }
}
