using System.Text.Json;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Core.AnswerCache;

/// <summary>Digest of what a caller brought besides the question: all of it decides the answer.</summary>
public static class ContextDigest
{
    /// <summary>Nothing was brought.</summary>
    public const string None = "";

    public static string Of(CallerContext? context) =>
        context is null ? None : AnswerKey.Hash([JsonSerializer.Serialize(context, WireJson.Options)]);
}
