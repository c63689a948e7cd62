namespace AgentPlatform.Api.Input;

/// <summary>Length as people and JSON Schema count it: an emoji beyond U+FFFF is one.</summary>
internal static class CodePoints
{
    public static int Count(string text) => text.Length - text.Count(char.IsLowSurrogate);
}
