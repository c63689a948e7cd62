using System.Runtime.InteropServices;

namespace AgentPlatform.Core.AnswerCache;

/// <summary>Digest of a conversation: what the model will see of it, in order.</summary>
public static class HistoryDigest
{
    /// <summary>No conversation: a question without a session, or the first of one.</summary>
    public const string Empty = "";

    /// <param name="summary">What was said before these turns, when the model sees that.</param>
    public static string Of(IEnumerable<(string Question, string Answer)> turns, string? summary = null)
    {
        var texts = new List<string>();
        foreach (var (question, answer) in turns)
        {
            texts.Add(question);
            texts.Add(answer);
        }

        // After the pairs: an odd number of texts is no conversation without a summary.
        if (summary is not null)
        {
            texts.Add(summary);
        }

        return texts.Count == 0 ? Empty : AnswerKey.Hash(CollectionsMarshal.AsSpan(texts));
    }
}
