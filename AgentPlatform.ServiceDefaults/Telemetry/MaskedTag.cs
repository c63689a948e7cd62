using AgentPlatform.ServiceDefaults.Secrets;

namespace AgentPlatform.ServiceDefaults.Telemetry;

/// <summary>An attribute of a span or of a log record without secrets; itself when it holds none.</summary>
internal static class MaskedTag
{
    public static KeyValuePair<string, object?> Of(KeyValuePair<string, object?> tag, SecretMask secrets) => tag.Value switch
    {
        string text when secrets.HideAll(text) is var shown && !ReferenceEquals(shown, text) => KeyValuePair.Create(tag.Key, (object?)shown),
        string[] texts => KeyValuePair.Create(tag.Key, (object?)Array.ConvertAll(texts, text => text is null ? text! : secrets.HideAll(text))),
        _ => tag,
    };
}
