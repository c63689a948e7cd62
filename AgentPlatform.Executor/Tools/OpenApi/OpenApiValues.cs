using System.Text.Json;

namespace AgentPlatform.Executor.Tools.OpenApi;

/// <summary>Writes the values of arguments as the document wants them: RFC 6570, as OpenAPI narrows it. What a model gives stays inside its place.</summary>
internal static class OpenApiValues
{
    /// <summary>Percent-encoded pairs; none for an absent value or an empty list.</summary>
    public static IEnumerable<string> Query(OpenApiArgument argument, JsonElement value)
    {
        var name = Uri.EscapeDataString(argument.Name);
        return (value.ValueKind, argument.Style) switch
        {
            (JsonValueKind.Null or JsonValueKind.Undefined, _) => [],
            (_, OpenApiStyle.Json) => [$"{name}={Uri.EscapeDataString(value.GetRawText())}"],
            (JsonValueKind.Object, OpenApiStyle.DeepObject) => value.EnumerateObject().Select(member => $"{name}%5B{Uri.EscapeDataString(member.Name)}%5D={Escaped(member.Value)}"),
            (JsonValueKind.Object, _) when argument.Explode => value.EnumerateObject().Select(member => $"{Uri.EscapeDataString(member.Name)}={Escaped(member.Value)}"),
            (JsonValueKind.Array, _) when argument.Explode => value.EnumerateArray().Select(item => $"{name}={Escaped(item)}"),
            (JsonValueKind.Array, _) when value.GetArrayLength() == 0 => [],
            (JsonValueKind.Array or JsonValueKind.Object, _) => [$"{name}={string.Join(Separator(argument.Style), Flat(value).Select(Uri.EscapeDataString))}"],
            _ => [$"{name}={Escaped(value)}"],
        };
    }

    /// <summary>Percent-encoded.</summary>
    public static string Path(OpenApiArgument argument, JsonElement value) => argument.Style is OpenApiStyle.Json
        ? Uri.EscapeDataString(value.GetRawText())
        : Simple(argument, value, Uri.EscapeDataString);

    public static string Header(OpenApiArgument argument, JsonElement value) => argument.Style is OpenApiStyle.Json
        ? value.GetRawText()
        : Simple(argument, value, text => text);

    /// <summary>Pairs of a form; what is neither text nor a list of texts is JSON in it.</summary>
    public static IEnumerable<string> Form(OpenApiArgument argument, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => [],
        JsonValueKind.Array => value.EnumerateArray().Select(item => $"{Uri.EscapeDataString(argument.Name)}={Escaped(item)}"),
        _ => [$"{Uri.EscapeDataString(argument.Name)}={Escaped(value)}"],
    };

    private static string Simple(OpenApiArgument argument, JsonElement value, Func<string, string> escape) => value.ValueKind switch
    {
        JsonValueKind.Object when argument.Explode => string.Join(',', value.EnumerateObject().Select(member => $"{escape(member.Name)}={escape(Text(member.Value))}")),
        JsonValueKind.Array or JsonValueKind.Object => string.Join(',', Flat(value).Select(escape)),
        _ => escape(Text(value)),
    };

    private static IEnumerable<string> Flat(JsonElement value) => value.ValueKind is JsonValueKind.Array
        ? value.EnumerateArray().Select(Text)
        : value.EnumerateObject().SelectMany(member => new[] { member.Name, Text(member.Value) });

    private static string Separator(OpenApiStyle style) => style switch
    {
        OpenApiStyle.SpaceDelimited => "%20",
        OpenApiStyle.PipeDelimited => "%7C",
        _ => ",",
    };

    private static string Escaped(JsonElement value) => Uri.EscapeDataString(Text(value));

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };
}
