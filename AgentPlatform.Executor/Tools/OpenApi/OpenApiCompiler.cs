using Microsoft.OpenApi;

namespace AgentPlatform.Executor.Tools.OpenApi;

/// <summary>What became of one document in one agent file.</summary>
/// <param name="Problems">What was asked for and cannot be had, each with the name it was asked for by; null for the document as a whole.</param>
/// <param name="LeftOut">Operations that came with a tag or with the whole document and cannot be tools.</param>
internal sealed record OpenApiCompiled(
    IReadOnlyList<OpenApiTool> Tools, IReadOnlyList<(string? Name, string Message)> Problems, IReadOnlyList<string> LeftOut);

/// <summary>
/// Makes tools of the operations that an agent file selects. An operation that is named must work, or that is a problem; one that
/// only comes with its tag is left out when it cannot.
/// </summary>
internal static class OpenApiCompiler
{
    /// <param name="origin">Where the document was fetched; null for a file.</param>
    public static OpenApiCompiled Compile(OpenApiDocument document, OpenApiSelection selection, Uri? origin)
    {
        var all = OpenApiFound.All(document);
        var problems = new List<(string? Name, string Message)>();
        var leftOut = new List<string>();
        var tools = new List<OpenApiTool>();
        var homes = new Dictionary<string, string>(StringComparer.Ordinal);
        problems.AddRange(Unknown(document, selection, all));
        foreach (var found in all.Where(found => IsSelected(found, selection)))
        {
            var name = selection.Operations.FirstOrDefault(found.Is);
            try
            {
                var tool = new OpenApiOperationTool(document, selection, origin).Make(found);
                CompiledSchema.Parse(tool.Schema, closed: true);
                if (homes.TryAdd(tool.Name, found.Line))
                {
                    tools.Add(tool);
                }
                else
                {
                    problems.Add((name, $"the tool name '{tool.Name}' would stand for both {homes[tool.Name]} and {found.Line}: select one of them by 'operations'"));
                }
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // The library reads lazily, and trips over some documents only here: no reason for more than this operation to be absent.
                var reason = exception is OpenApiUnusableException or FormatException ? exception.Message : "it cannot be understood";
                if (name is null)
                {
                    leftOut.Add($"{found.Line}: {reason}");
                }
                else
                {
                    problems.Add((name, $"'{name}' cannot be a tool: {reason}"));
                }
            }
        }

        if (tools.Count == 0 && problems.Count == 0)
        {
            problems.Add((null, leftOut.Count == 0 ? "no operation is selected" : $"none of its operations can be a tool: {leftOut[0]}"));
        }

        return new OpenApiCompiled(tools, problems, leftOut);
    }

    private static bool IsSelected(OpenApiFound found, OpenApiSelection selection) =>
        (selection.Operations.Count == 0 && selection.Tags.Count == 0)
        || selection.Operations.Any(found.Is)
        || found.Operation.Tags?.Any(tag => tag.Reference.Id is { } id && selection.Tags.Contains(id)) is true;

    private static IEnumerable<(string? Name, string Message)> Unknown(OpenApiDocument document, OpenApiSelection selection, IReadOnlyList<OpenApiFound> all)
    {
        foreach (var id in selection.Operations.Concat(selection.Effects.Keys).Distinct().Where(id => !all.Any(found => found.Is(id))))
        {
            yield return (id, $"the document has no operation '{id}'{Near(id, all.Select(found => found.Id))}");
        }

        var tags = all.SelectMany(found => found.Operation.Tags ?? Enumerable.Empty<OpenApiTagReference>()).Select(tag => tag.Reference.Id ?? "").Distinct().ToList();
        foreach (var tag in selection.Tags.Where(tag => !tags.Contains(tag)))
        {
            yield return (tag, $"no operation of the document has the tag '{tag}'{Near(tag, tags)}");
        }

        var schemes = document.Components?.SecuritySchemes?.Keys.ToList() ?? [];
        foreach (var scheme in selection.Credentials.Keys.Where(scheme => !schemes.Contains(scheme)))
        {
            yield return (scheme, $"the document has no security scheme '{scheme}'{Near(scheme, schemes)}");
        }
    }

    private static string Near(string word, IEnumerable<string> known) =>
        Agents.Files.NearestName.Of(word, [.. known]) is { } near ? $": did you mean '{near}'?" : "";
}
