using System.Security.Cryptography;
using System.Text;
using AgentPlatform.Api.Input;

namespace AgentPlatform.Api.Mcp.Tools;

/// <summary>The label by which the run of a call is found again: which client it is of, and the number that client gave it.</summary>
internal static class CallLabel
{
    public const string Key = "mcp_call";

    /// <summary>The filter of a list of runs.</summary>
    public const string Filter = ListQuery.LabelPrefix + Key;

    // A client may choose any text for its numbers.
    public static string Of(string client, string requestId) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{client}/{requestId}")).AsSpan(0, 16));
}
