using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace AgentPlatform.Core.Identity;

/// <summary>
/// The text of an API key: <c>ap_</c> and 40 letters and digits, 238 random bits. Only its SHA-256 is stored or sent between processes: what has that much
/// chance in it needs no slow hash and no salt.
/// </summary>
public static class ApiKeyText
{
    public const string Prefix = "ap_";

    /// <summary>Characters by which people tell keys apart, the prefix included; far too few to guess the rest.</summary>
    public const int ShownLength = 9;

    private const int SecretLength = 40;
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly SearchValues<char> Allowed = SearchValues.Create(Alphabet);

    public static string New() => Prefix + RandomNumberGenerator.GetString(Alphabet, SecretLength);

    /// <summary>Whether a caller means one of our keys; whether it is one only the executor can say.</summary>
    public static bool IsOurs(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.StartsWith(Prefix, StringComparison.Ordinal);
    }

    /// <summary>Whether it can be a key at all; nothing else is worth asking about.</summary>
    public static bool IsWellFormed(string text) =>
        IsOurs(text) && text.Length == Prefix.Length + SecretLength && text.AsSpan(Prefix.Length).IndexOfAnyExcept(Allowed) < 0;

    /// <summary>SHA-256, 64 lower-case hexadecimal digits.</summary>
    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
