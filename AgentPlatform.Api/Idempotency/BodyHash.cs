using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using AgentPlatform.Api.Agent;

namespace AgentPlatform.Api.Idempotency;

/// <summary>
/// Tells whether two bodies ask the same: of what was read, not of its bytes, so that the order of members, white space and defaults that were written
/// out make no difference. Keys live a day, so an upgrade that changes this breaks repetitions across it.
/// </summary>
internal static class BodyHash
{
    /// <returns>SHA-256, lower-case hex.</returns>
    public static string Of(QuestionBody body)
    {
        var parts = new JsonArray(
            body.Question,
            body.SessionId,
            (body.Timeout ?? QuestionBody.DefaultTimeout).ToString("R", CultureInfo.InvariantCulture),
            body.Agent ?? QuestionBody.DefaultAgent,
            body.User,
            body is AskBody { Stream: true },
            body is AskBody { Strict: true });
        foreach (var (key, value) in (body.Metadata ?? []).OrderBy(label => label.Key, StringComparer.Ordinal))
        {
            parts.Add(key);
            parts.Add(value);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(parts.ToJsonString())));
    }
}
