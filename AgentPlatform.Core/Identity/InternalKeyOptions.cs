using System.Security.Cryptography;
using System.Text;

namespace AgentPlatform.Core.Identity;

/// <summary>Section <c>Internal</c>: what the API proves to the executor that it is the API. The same text at both.</summary>
public sealed class InternalKeyOptions
{
    public const string Section = "Internal";

    public const int ShortestKey = 24;

    /// <summary>At least <see cref="ShortestKey"/> characters; null leaves the executor open, which only Development allows.</summary>
    public string? Key { get; set; }

    /// <summary>Compares in a time that tells nothing about where two keys differ.</summary>
    public bool IsKey(string? presented) =>
        Key is { } key && presented is not null
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(key)), SHA256.HashData(Encoding.UTF8.GetBytes(presented)));
}
