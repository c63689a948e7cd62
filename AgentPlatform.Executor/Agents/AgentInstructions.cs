using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentPlatform.Executor.Agents;

/// <summary>Fills the places in an agent's instructions.</summary>
internal static partial class AgentInstructions
{
    public const string User = "{user}";

    private const int MaxUserLength = 200;

    public static bool NameUser(string instructions) => instructions.Contains(User, StringComparison.Ordinal);

    /// <param name="startedAt">When the run was accepted, so that a resumed run reads the same instructions.</param>
    /// <param name="user">The caller's label of the person; it is text from outside and becomes one short line.</param>
    public static string Fill(string instructions, DateTimeOffset startedAt, string? user) =>
        // One pass: a label that reads "{date}" stays what it is.
        Place().Replace(instructions, place => place.Value == User
            ? OneLine(user)
            : startedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    private static string OneLine(string? user)
    {
        if (string.IsNullOrWhiteSpace(user))
        {
            return "the user";
        }

        var line = Blank().Replace(user, " ").Trim();
        return line.Length <= MaxUserLength ? line : line[..MaxUserLength];
    }

    [GeneratedRegex(@"\{date\}|\{user\}")]
    private static partial Regex Place();

    [GeneratedRegex(@"[\s\p{C}]+")]
    private static partial Regex Blank();
}
