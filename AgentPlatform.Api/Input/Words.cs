using System.Text;
using System.Text.Json;

namespace AgentPlatform.Api.Input;

/// <summary>What things of a body are called when we talk to people about it.</summary>
internal static class Words
{
    private const int Longest = 64;

    public static string For(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "true or false",
        _ => "null",
    };

    public static string For(BodyFieldKind kind) => kind switch
    {
        BodyFieldKind.Text => "a text",
        BodyFieldKind.Number => "a number",
        BodyFieldKind.Boolean => "true or false",
        _ => "an object of texts",
    };

    /// <summary>What a caller sent, fit to be repeated: without control characters and not endless.</summary>
    public static string Short(string sent)
    {
        var builder = new StringBuilder();
        foreach (var rune in sent.EnumerateRunes())
        {
            if (builder.Length >= Longest)
            {
                return builder.Append('…').ToString();
            }

            builder.Append(Rune.IsControl(rune) ? "�" : rune.ToString());
        }

        return builder.ToString();
    }
}
