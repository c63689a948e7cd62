using System.Text.RegularExpressions;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Tools.Mcp;

namespace AgentPlatform.Executor.Agents.Files;

/// <summary>Turns one file into a definition. Every key, its type and its range are in this one place.</summary>
/// <param name="isPriced">Whether a model has prices: without them no limit in money can be kept.</param>
/// <param name="mcp">The configured MCP servers.</param>
/// <param name="openApi">Reads <c>openapi</c>; null where documents cannot be had.</param>
internal sealed partial class AgentFileParser(
    IReadOnlyCollection<string> tools, IReadOnlyCollection<string> models, Func<string, bool> isPriced, McpRules mcp, OpenApiSection? openApi = null)
{
    private const double Day = 86_400;

    private static readonly string[] Effects = [.. Enum.GetNames<ToolEffect>().Select(name => name.ToLowerInvariant())];

    private static readonly AgentLimits DefaultLimits = new();

    private static readonly AgentCachePolicy DefaultCache = new();

    /// <summary>MCP servers of the last file, each with the place of its name.</summary>
    public IReadOnlyList<(YamlText Place, McpServerDefinition Server)> Declared { get; private set; } = [];

    /// <summary>A definition to which no error was added is valid; otherwise null.</summary>
    /// <param name="name">The agent's name and its place, also when the rest of the file is wrong.</param>
    public AgentDefinition? Parse(AgentFile file, List<AgentFileError> errors, out YamlText? name)
    {
        var before = errors.Count;
        name = null;
        Declared = [];
        if (new YamlReader(file, errors).Read() is not { } root)
        {
            return null;
        }

        var agent = new YamlSection(file.Name, "", root, errors);
        name = Name(agent);
        var model = agent.Find("model") is null ? Default(agent, root) : agent.Word("model", models) ?? "";
        var servers = new McpFileSection(file.Name, tools, mcp.Secrets);
        servers.Read(agent.Section("mcp"));
        Declared = servers.Declared;
        var known = mcp.Configured.Select(server => server.Name).Concat(Declared.Select(declared => declared.Server.Name)).ToHashSet(StringComparer.Ordinal);
        var named = agent.Words("tools", "tool", tools, name => McpNames.ServerOf(name) is { } server && known.Contains(server)) ?? [];
        IReadOnlyList<string> own = [.. named.Union(servers.Selected, StringComparer.Ordinal)];
        var isPartial = false;
        var operations = openApi?.Read(file, agent, own, out isPartial) ?? [];
        var fallbacks = agent.Words("fallback_models", "model", models) ?? [];
        var definition = new AgentDefinition
        {
            Name = name?.Value ?? "",
            Version = "",
            Description = agent.Text("description", required: true, 1_000) ?? "",
            Instructions = agent.Text("instructions", required: true, 100_000) ?? "",
            Model = model,
            FallbackModels = fallbacks,
            Temperature = agent.Number("temperature", 0, 2),
            TopP = agent.Number("top_p", 0, 1),
            MaxTokens = (int?)agent.Integer("max_tokens", 1, 1_000_000),
            ResponseSchema = new ResponseSchema(agent).Read(),
            Tools = own,
            OpenApi = operations.Count == 0 ? null : operations,
            McpServers = Declared.Count == 0 ? null : [.. Declared.Select(declared => declared.Server)],
            Limits = Limits(agent.Section("limits"), fallbacks.Prepend(model)),
            ContextTokens = (int?)agent.Integer("context_tokens", 0, 10_000_000) ?? 8_000,
            Summary = agent.Boolean("summary") ?? false,
            Cache = Cache(agent.Section("cache")),
            Concurrency = agent.Word("concurrency", ["queue", "reject"]) is "reject" ? SessionConcurrency.Reject : SessionConcurrency.Queue,
            Approval = Approval(agent.Section("approval"), [.. own, .. operations.Select(tool => tool.Name)], isPartial),
        };
        agent.End();
        return errors.Count == before ? AgentVersion.Stamp(definition) : null;
    }

    private static YamlText? Name(YamlSection agent)
    {
        if (agent.Text("name", required: true, 1_000) is null || agent.Find("name") is not YamlText node)
        {
            return null;
        }

        if (!AgentName().IsMatch(node.Value))
        {
            agent.Add(node, "name", $"'{node.Value}' is not a name: use 1 to 64 of a-z, 0-9 and -");
        }

        return node;
    }

    private string Default(YamlSection agent, YamlObject root)
    {
        if (!models.Contains("default"))
        {
            agent.Add(root, "model", $"no model is named 'default': name one of {string.Join(", ", models)}");
        }

        return "default";
    }

    private AgentLimits Limits(YamlSection limits, IEnumerable<string> models)
    {
        var result = new AgentLimits
        {
            MaxIterations = (int?)limits.Integer("max_iterations", 1, 1_000) ?? DefaultLimits.MaxIterations,
            MaxToolCalls = (int?)limits.Integer("max_tool_calls", 1, 10_000) ?? DefaultLimits.MaxToolCalls,
            MaxRepeatedCalls = (int?)limits.Integer("max_repeated_calls", 1, 1_000) ?? DefaultLimits.MaxRepeatedCalls,
            MaxTotalTokens = limits.Integer("max_total_tokens", 1, 1_000_000_000),
            MaxCostUsd = limits.Money("max_cost_usd", 0.000001m, 1_000_000m),
            MaxSeconds = limits.Duration("max_seconds", 0.1, 7 * Day),
        };
        if (result.MaxCostUsd is not null && models.FirstOrDefault(name => !isPriced(name)) is { } unpriced)
        {
            limits.Add(limits.Find("max_cost_usd")!, "max_cost_usd", $"it cannot be kept: set Models:{unpriced}:InputPrice and Models:{unpriced}:OutputPrice");
        }

        limits.End();
        return result;
    }

    private static AgentCachePolicy Cache(YamlSection cache)
    {
        var result = new AgentCachePolicy
        {
            Enabled = cache.Boolean("enabled") ?? DefaultCache.Enabled,
            TtlSeconds = cache.Duration("ttl", 1, 30 * Day) ?? DefaultCache.TtlSeconds,
            StaleSeconds = cache.Duration("stale", 0, 30 * Day) ?? DefaultCache.StaleSeconds,
            AllowRead = cache.Boolean("allow_read") ?? DefaultCache.AllowRead,
            // The default written out is the same definition as the default left out.
            Jitter = cache.Number("jitter", 0, 0.5) is { } jitter and not AgentCachePolicy.DefaultJitter ? jitter : null,
            Unicode = cache.Word("unicode", ["nfc", "nfkc"]) is "nfkc" ? QuestionUnicode.Nfkc : QuestionUnicode.Nfc,
            WhiteSpace = cache.Word("white_space", ["collapse", "exact"]) is "exact" ? QuestionWhiteSpace.Exact : QuestionWhiteSpace.Collapse,
            Case = cache.Word("case", ["exact", "ignore"]) is "ignore" ? QuestionCase.Ignore : QuestionCase.Exact,
        };
        cache.End();
        return result;
    }

    /// <param name="isPartial">Names that are not known may be of tools that are still to come: they wait for a person like the others.</param>
    private static AgentApproval Approval(YamlSection approval, IReadOnlyList<string> own, bool isPartial)
    {
        own = isPartial ? [.. own.Union(approval.Texts("tools").Select(text => text.Value))] : own;
        var result = new AgentApproval
        {
            Tools = approval.Words("tools", "tool of this agent", own, name => own.Any(listed => McpNames.Covers(listed, name))) ?? [],
            Effects = [.. (approval.Words("effects", "effect", Effects) ?? []).Select(word => Enum.Parse<ToolEffect>(word, ignoreCase: true))],
            AfterUntrusted = approval.Word("after_untrusted", ["ask", "allow"]) is "allow" ? AfterUntrusted.Allow : AfterUntrusted.Ask,
            ExpiresSeconds = approval.Duration("expires", 1, 30 * Day),
        };
        approval.End();
        return result;
    }

    [GeneratedRegex("^[a-z0-9-]{1,64}$")]
    private static partial Regex AgentName();
}
