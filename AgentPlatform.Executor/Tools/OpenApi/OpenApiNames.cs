using System.Text;
using System.Text.RegularExpressions;
using AgentPlatform.Executor.Agents;

namespace AgentPlatform.Executor.Tools.OpenApi;

/// <summary>Names that models accept, made of names that documents have.</summary>
internal static partial class OpenApiNames
{
    private const int MaxLength = 64;
    private const int HashLength = 8;

    /// <summary>The prefix and the operation's id; what is too long, or has no letter that fits, ends in a digest of the whole.</summary>
    public static string Tool(string prefix, string operationId)
    {
        var name = NotInTools().Replace(operationId, "_").Trim('_');
        return Fit(prefix + name, prefix + operationId, isEmpty: name.Length == 0);
    }

    public static string Argument(string parameter)
    {
        var name = NotInArguments().Replace(parameter, "_").Trim('_');
        return Fit(name, parameter, isEmpty: name.Length == 0);
    }

    private static string Fit(string name, string whole, bool isEmpty)
    {
        if (name.Length <= MaxLength && !isEmpty)
        {
            return name;
        }

        var digest = AgentVersion.Hash(Encoding.UTF8.GetBytes(whole))[..HashLength];
        return $"{name[..Math.Min(name.Length, MaxLength - HashLength - 1)].TrimEnd('_')}_{digest}";
    }

    [GeneratedRegex("[^A-Za-z0-9_-]+")]
    private static partial Regex NotInTools();

    [GeneratedRegex("[^A-Za-z0-9_.-]+")]
    private static partial Regex NotInArguments();
}
