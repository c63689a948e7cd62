namespace AgentPlatform.Core.Wire;

/// <summary><c>POST executor/keys/verify</c>: whose key is it?</summary>
/// <param name="Hash">SHA-256 of the key, hexadecimal digits: the key itself stays in the API.</param>
public sealed record KeyProof(string Hash);

/// <summary>Who presents a key.</summary>
public sealed record KeyHolder(string TenantId, Guid KeyId, string Name, IReadOnlyList<string> Scopes);

/// <summary>A key that is to be made.</summary>
/// <param name="ExpiresAt">Null for a key that lives until it is revoked.</param>
public sealed record NewApiKey(string Name, IReadOnlyList<string> Scopes, DateTimeOffset? ExpiresAt);

/// <summary>A key as its administrators see it; the key itself is shown once, when it is made.</summary>
/// <param name="Shown">How it begins, so that people can tell keys apart.</param>
public sealed record ApiKeyView(
    Guid Id, string Name, string Shown, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt);

/// <summary>The one time a key is told.</summary>
public sealed record MadeApiKey(string Key, ApiKeyView Details);
