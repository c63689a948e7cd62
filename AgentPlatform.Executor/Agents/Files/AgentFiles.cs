namespace AgentPlatform.Executor.Agents.Files;

/// <summary>Reads all files together: names are unique across them, and every error of every file comes at once.</summary>
internal static class AgentFiles
{
    /// <summary>The definitions, by name.</summary>
    /// <param name="folder">Where the files came from, for the case that there are none.</param>
    /// <param name="isPriced">Whether a model has prices; taken to be so when left out.</param>
    /// <param name="mcp">The configured MCP servers; none when left out.</param>
    /// <param name="openApi">Reads <c>openapi</c>; null where documents cannot be had.</param>
    /// <exception cref="AgentFilesException">Something is wrong in at least one file.</exception>
    public static IReadOnlyList<AgentDefinition> Parse(
        string folder,
        IReadOnlyList<AgentFile> files,
        IReadOnlyCollection<string> tools,
        IReadOnlyCollection<string> models,
        Func<string, bool>? isPriced = null,
        McpRules? mcp = null,
        OpenApiSection? openApi = null)
    {
        var servers = mcp ?? McpRules.None;
        var parser = new AgentFileParser(tools, models, isPriced ?? (static _ => true), servers, openApi);
        var homes = servers.Configured.ToDictionary(server => server.Name, server => server.Source, StringComparer.Ordinal);
        var errors = new List<AgentFileError>();
        var definitions = new List<AgentDefinition>();
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        if (files.Count == 0)
        {
            errors.Add(new AgentFileError(
                folder, 1, 1, "", $"there is no agent here: add a file such as default.yaml, or set {AgentOptions.Section}:Directory"));
        }

        foreach (var file in files)
        {
            var definition = parser.Parse(file, errors, out var name);
            if (name is not null && !owners.TryAdd(name.Value, $"{file.Name}:{name.Line}"))
            {
                var message = $"the agent '{name.Value}' is defined in {owners[name.Value]} already: choose another name";
                errors.Add(new AgentFileError(file.Name, name.Line, name.Column, "name", message));
            }

            foreach (var (place, server) in parser.Declared)
            {
                if (!homes.TryAdd(server.Name, server.Source))
                {
                    errors.Add(new AgentFileError(
                        file.Name, place.Line, place.Column, $"mcp.{server.Name}", $"this server is declared in {homes[server.Name]} already: choose another name"));
                }
            }

            if (definition is not null)
            {
                definitions.Add(definition);
            }
        }

        return errors.Count == 0
            ? [.. definitions.OrderBy(definition => definition.Name, StringComparer.Ordinal)]
            : throw new AgentFilesException(
                [.. errors.OrderBy(error => error.File, StringComparer.Ordinal).ThenBy(error => error.Line).ThenBy(error => error.Column)]);
    }
}
