using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Core.AnswerCache;

/// <summary>
/// Names one answer: SHA-256 over everything that decides it. Two questions share a key only when an agent could not tell
/// them apart. It remembers whose answer it is, for the names in Redis; equality is the hash alone.
/// </summary>
public readonly struct AnswerKey : IEquatable<AnswerKey>
{
    // Part of what is hashed: a new encoding or normalisation must not find answers stored under the old one.
    private const string Scheme = "answer/1";

    private readonly UInt128 _high;
    private readonly UInt128 _low;

    private AnswerKey(AnswerKeyParts parts, ReadOnlySpan<byte> hash)
    {
        _high = BinaryPrimitives.ReadUInt128BigEndian(hash);
        _low = BinaryPrimitives.ReadUInt128BigEndian(hash[16..]);
        (TenantId, Agent, AgentVersion) = (parts.TenantId, parts.Agent, parts.AgentVersion);
    }

    internal string TenantId { get; }

    internal string Agent { get; }

    internal string AgentVersion { get; }

    public static bool operator ==(AnswerKey left, AnswerKey right) => left.Equals(right);

    public static bool operator !=(AnswerKey left, AnswerKey right) => !left.Equals(right);

    public static AnswerKey Of(AnswerKeyParts parts)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var question = QuestionText.Normalise(parts.Question, parts.Form);
        List<string> texts = [Scheme, parts.TenantId, parts.Agent, parts.AgentVersion, parts.ModelSettings, parts.User, parts.HistoryDigest, question];
        // What most questions lack is not hashed for them, so that answers stored before it existed are still found.
        if (!parts.Form.IsDefault)
        {
            texts.Add($"{parts.Form.Unicode}|{parts.Form.WhiteSpace}|{parts.Form.Case}");
        }

        if (parts.ContextDigest.Length > 0)
        {
            texts.Add($"context|{parts.ContextDigest}");
        }

        Digest(CollectionsMarshal.AsSpan(texts), hash);
        return new AnswerKey(parts, hash);
    }

    public bool Equals(AnswerKey other) => _high == other._high && _low == other._low;

    public override bool Equals(object? obj) => obj is AnswerKey other && Equals(other);

    public override int GetHashCode() => _low.GetHashCode();

    /// <summary>The hash, 64 hexadecimal digits.</summary>
    public override string ToString() => $"{_high:x32}{_low:x32}";

    /// <summary>Whether it names an answer of this agent.</summary>
    /// <param name="version">Only of this version; null for any.</param>
    internal bool IsOf(string tenantId, string agent, string? version) =>
        TenantId == tenantId && Agent == agent && (version is null || AgentVersion == version);

    internal static string Hash(ReadOnlySpan<string> texts)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Digest(texts, hash);
        return Convert.ToHexStringLower(hash);
    }

    /// <summary>
    /// SHA-256 of the texts, each preceded by its length, so that no two lists of texts give the same bytes. UTF-16 rather
    /// than UTF-8: it keeps apart what a lossy conversion would merge.
    /// </summary>
    private static void Digest(ReadOnlySpan<string> texts, Span<byte> hash)
    {
        var size = 0;
        foreach (var text in texts)
        {
            size += sizeof(int) + (text.Length * sizeof(char));
        }

        var buffer = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            var rest = buffer.AsSpan(0, size);
            foreach (var text in texts)
            {
                var bytes = MemoryMarshal.AsBytes(text.AsSpan());
                BinaryPrimitives.WriteInt32LittleEndian(rest, bytes.Length);
                bytes.CopyTo(rest[sizeof(int)..]);
                rest = rest[(sizeof(int) + bytes.Length)..];
            }

            SHA256.HashData(buffer.AsSpan(0, size), hash);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

/// <summary>What decides an answer.</summary>
/// <param name="ModelSettings">Digest of provider, endpoint, model and sampling: <see cref="Wire.AgentInfo.ModelSettings"/>.</param>
/// <param name="User">The caller's label of the person when the agent's instructions name them (<see cref="Wire.AgentInfo.NamesUser"/>), else empty.</param>
/// <param name="HistoryDigest">Digest of the conversation so far: <see cref="Core.AnswerCache.HistoryDigest"/>.</param>
/// <param name="Form">Which spellings of the question are the same: the agent's own choice.</param>
/// <param name="ContextDigest">Digest of what the caller brought besides: <see cref="Core.AnswerCache.ContextDigest"/>.</param>
public readonly record struct AnswerKeyParts(
    string TenantId,
    string Agent,
    string AgentVersion,
    string ModelSettings,
    string User,
    string HistoryDigest,
    string Question,
    QuestionForm Form = default,
    string ContextDigest = Core.AnswerCache.ContextDigest.None);
