using System.Text.Json;
using System.Text.Json.Nodes;
using AgentPlatform.Executor.Agents.Files;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace AgentPlatform.Executor.Tools.OpenApi;

/// <summary>
/// Reads a document, JSON or YAML, of version 2.0, 3.0 or 3.1. Nothing it refers to is fetched: references to other files and
/// addresses stay unresolved, and an operation that needs one cannot be a tool.
/// </summary>
internal static class OpenApiText
{
    private const int MaxShown = 3;

    /// <param name="name">File or URL, for what is wrong.</param>
    /// <exception cref="OpenApiUnusableException">It is no such document.</exception>
    public static OpenApiDocument Read(string name, string text)
    {
        var node = text.AsSpan().TrimStart("\uFEFF \t\r\n").StartsWith("{") ? Json(text) : Yaml(name, text);
        ReadResult result;
        try
        {
            var settings = new OpenApiReaderSettings { LoadExternalRefs = false, RuleSet = ValidationRuleSet.GetEmptyRuleSet() };
            result = new OpenApiJsonReader().Read(node, new Uri("file:///openapi.json"), settings);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The reader has exceptions of its own for some mistakes, and trips over others.
            throw new OpenApiUnusableException(exception is OpenApiException or OpenApiUnsupportedSpecVersionException ? One(exception.Message) : "it is not an OpenAPI document", exception);
        }

        var errors = result.Diagnostic?.Errors ?? [];
        if (result.Document is not { } document || errors.Count > 0)
        {
            throw new OpenApiUnusableException(errors.Count == 0
                ? "it is not an OpenAPI document"
                : string.Join("; ", errors.Take(MaxShown).Select(error => One(error.ToString()))));
        }

        return document.Paths is { Count: > 0 } ? document : throw new OpenApiUnusableException("it has no paths");
    }

    private static JsonNode Json(string text)
    {
        try
        {
            return JsonNode.Parse(text.TrimStart('\uFEFF'))!;
        }
        catch (JsonException exception)
        {
            throw new OpenApiUnusableException($"it is not valid JSON (line {exception.LineNumber + 1})", exception);
        }
    }

    private static JsonObject Yaml(string name, string text)
    {
        var errors = new List<AgentFileError>();
        var root = new YamlReader(new AgentFile(name, text), errors, maxDepth: 64).Read();
        return root is not null && errors.Count == 0
            ? JsonObject.Create(YamlJson.Element(root))!
            : throw new OpenApiUnusableException(string.Join("; ", errors.Take(MaxShown).Select(error => $"line {error.Line}: {error.Message}")));
    }

    private static string One(string message) => message.ReplaceLineEndings(" ").Trim().TrimEnd('.');
}
