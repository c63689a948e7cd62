using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace AgentPlatform.Core.AnswerCache;

/// <summary>
/// Names one answer: SHA-256 over everything that decides it. Two questions share a key only when an agent could not tell
/// them apart.
/// </summary>
public readonly record struct AnswerKey
{
    // Part of what is hashed: a new encoding or normalisation must not find answers stored under the old one.
    private const string Scheme = "answer/1";

    private readonly string _hash;

    private AnswerKey(string hash) => _hash = hash;

    /// <summary>The hash, 64 hexadecimal digits.</summary>
    public override string ToString() => _hash ?? "";

    public static AnswerKey Of(AnswerKeyParts parts) => new(Hash(
    [
        Scheme, parts.TenantId, parts.Agent, parts.AgentVersion, parts.ModelSettings, parts.User, parts.HistoryDigest,
        QuestionText.Normalise(parts.Question),
    ]));

    /// <summary>
    /// SHA-256 of the texts, each preceded by its length, so that no two lists of texts give the same bytes. UTF-16 rather
    /// than UTF-8: it keeps apart what a lossy conversion would merge.
    /// </summary>
    internal static string Hash(ReadOnlySpan<string> texts)
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

            return Convert.ToHexStringLower(SHA256.HashData(buffer.AsSpan(0, size)));
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
public sealed record AnswerKeyParts(
    string TenantId, string Agent, string AgentVersion, string ModelSettings, string User, string HistoryDigest, string Question);
