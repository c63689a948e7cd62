using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace AgentPlatform.ServiceDefaults.Secrets;

/// <summary>
/// Every secret that stands in a configuration: what is named like one (<c>…ApiKey</c>, <c>…PASSWORD</c>, <c>Authorization</c>), all of <c>Tools:Secrets</c>, the keys of tokens,
/// the passwords in connection strings and addresses, the headers of the exporter. Each also as it stands in a URL, in JSON and in a <c>Basic</c> header.
/// </summary>
internal static partial class ConfiguredSecrets
{
    /// <summary>Shorter ones, and single words, would take ordinary words out of texts; nothing is kept secret by them.</summary>
    private const int Shortest = 8;

    private const int LongestWord = 15;

    /// <summary>Any other header that a tool is given may carry its credential.</summary>
    private static readonly HashSet<string> PlainHeaders = new(["Accept", "Accept-Language", "Content-Type", "User-Agent", "From", "Referer"], StringComparer.OrdinalIgnoreCase);

    public static IEnumerable<string> Of(IConfiguration configuration) => configuration.AsEnumerable()
        .Where(setting => !string.IsNullOrWhiteSpace(setting.Value))
        .SelectMany(setting => In(setting.Key, setting.Value!))
        .SelectMany(Forms)
        .Where(secret => secret.Length >= Shortest && !(secret.Length <= LongestWord && secret.All(char.IsAsciiLetter)));

    private static IEnumerable<string> In(string key, string value)
    {
        foreach (Match password in Password().Matches(value))
        {
            yield return password.Groups["secret"].Value;
        }

        if (key.Equals("OTEL_EXPORTER_OTLP_HEADERS", StringComparison.OrdinalIgnoreCase))
        {
            foreach (var header in value.Split(',').Where(header => header.Contains('=', StringComparison.Ordinal)))
            {
                yield return header[(header.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim();
            }
        }
        else if (IsSecretName(key) && !IsPlain(value))
        {
            yield return value.Trim();
            if (Scheme().Match(value) is { Success: true } scheme)
            {
                yield return value[scheme.Length..].Trim();
            }
        }
    }

    private static bool IsSecretName(string key)
    {
        var name = key[(key.LastIndexOf(':') + 1)..];
        return key.StartsWith("Tools:Secrets:", StringComparison.OrdinalIgnoreCase)
            || (key.Contains(":SigningKeys:", StringComparison.OrdinalIgnoreCase) && name.Equals("Value", StringComparison.OrdinalIgnoreCase))
            || (key.StartsWith("Tools:", StringComparison.OrdinalIgnoreCase) && key.Contains(":Headers:", StringComparison.OrdinalIgnoreCase) && !PlainHeaders.Contains(name))
            || SecretName().IsMatch(name);
    }

    /// <summary>A number, a flag or a time: <c>MaxTokens</c> is named like a secret and holds none.</summary>
    private static bool IsPlain(string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _) || bool.TryParse(value, out _) || TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out _);

    private static IEnumerable<string> Forms(string secret)
    {
        yield return secret;
        yield return Uri.EscapeDataString(secret);
        yield return JsonEncodedText.Encode(secret).ToString();
        if (secret.Contains(':', StringComparison.Ordinal))
        {
            yield return Convert.ToBase64String(Encoding.UTF8.GetBytes(secret));
        }
    }

    [GeneratedRegex(@"password|passwd|secret|credential|authorization|cookie|api[_-]?key|token$|[_-]key$|^key$", RegexOptions.IgnoreCase)]
    private static partial Regex SecretName();

    [GeneratedRegex(@"\b(?:password|pwd)\s*=\s*(?:""(?<secret>[^""]+)""|'(?<secret>[^']+)'|(?<secret>[^;,\s]+))|://[^/\s:@]*:(?<secret>[^/\s@]+)@|[?&](?:key|api[_-]?key|(?:\w+_)?token|secret|signature|sig)=(?<secret>[^&\s]+)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Password();

    [GeneratedRegex(@"^\s*(?:bearer|basic|token|apikey)\s+", RegexOptions.IgnoreCase)]
    private static partial Regex Scheme();
}
