using System.Buffers.Text;
using System.Text;

namespace AgentPlatform.Executor.Paging;

/// <summary>The opaque <c>next</c> of a page: base64url of the key of its last item.</summary>
internal static class PageCursor
{
    public static string Encode(string key) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(key));

    /// <summary>The key, or null for anything that no page of ours ever carried.</summary>
    public static string? Decode(string cursor)
    {
        if (!Base64Url.IsValid(cursor))
        {
            return null;
        }

        return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
    }
}
