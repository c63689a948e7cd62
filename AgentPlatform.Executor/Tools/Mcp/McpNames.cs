using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace AgentPlatform.Executor.Tools.Mcp;

/// <summary>
/// Names of MCP tools as models see them: <c>server__tool</c>. A server's name has no underscore, so that the first two
/// in a row end it and no two servers can meet in one name.
/// </summary>
internal static partial class McpNames
{
    public const string ServerRule = "use 1 to 24 of a-z, 0-9 and -";

    private const string Separator = "__";
    private const string Any = "*";
    private const int MaxLength = 64;

    public static bool IsServer(string name) => ServerName().IsMatch(name);

    /// <summary>The tool of a server, or all of them: <c>server__*</c>.</summary>
    public static string Of(string server, string tool) =>
        tool == Any ? AllOf(server) : Shorten(server + Separator + NotInNames().Replace(tool, "_"), tool);

    public static string AllOf(string server) => server + Separator + Any;

    public static bool IsAll(string name) => name.EndsWith(Separator + Any, StringComparison.Ordinal);

    /// <summary>The server that a tool's name, or <c>server__*</c>, belongs to; null when it has no such form.</summary>
    public static string? ServerOf(string name) =>
        name.IndexOf(Separator, StringComparison.Ordinal) is > 0 and var end && IsServer(name[..end]) && name.Length > end + Separator.Length
            ? name[..end]
            : null;

    /// <summary>Whether what an agent lists means this tool.</summary>
    public static bool Covers(string listed, string tool) =>
        listed == tool || (IsAll(listed) && tool.StartsWith(listed[..^Any.Length], StringComparison.Ordinal));

    /// <summary>What is cut off stays in the name as a digest: two long names that begin alike stay two.</summary>
    private static string Shorten(string name, string tool)
    {
        if (name.Length <= MaxLength)
        {
            return name;
        }

        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(tool)).AsSpan(0, 4));
        return $"{name[..(MaxLength - digest.Length - 1)]}_{digest}";
    }

    [GeneratedRegex("^[a-z0-9-]{1,24}$")]
    private static partial Regex ServerName();

    [GeneratedRegex("[^A-Za-z0-9_-]")]
    private static partial Regex NotInNames();
}
