using System.Text.RegularExpressions;
using AgentPlatform.Executor.Tools;
using AgentPlatform.Executor.Tools.OpenApi;

namespace AgentPlatform.Executor.Agents.Files;

/// <summary>Reads <c>openapi:</c> of an agent file: documents, and which of their operations become tools.</summary>
/// <param name="folder">Of the agent files; a document's path begins there.</param>
internal sealed partial class OpenApiSection(OpenApiDocuments documents, ToolSecrets secrets, string folder)
{
    /// <summary>The most that models of the OpenAI kind take.</summary>
    private const int MaxTools = 128;

    private static readonly string[] Effects = [.. Enum.GetNames<ToolEffect>().Select(name => name.ToLowerInvariant())];

    /// <param name="own">Names that are taken.</param>
    /// <param name="isPartial">A fetched document does not give all that was asked of it, or is not there yet.</param>
    public IReadOnlyList<OpenApiTool> Read(AgentFile file, YamlSection agent, IReadOnlyList<string> own, out bool isPartial)
    {
        isPartial = false;
        var tools = new List<OpenApiTool>();
        var homes = own.ToDictionary(name => name, _ => "tools", StringComparer.Ordinal);
        foreach (var section in agent.Sections("openapi"))
        {
            var document = section.Text("document", required: true, 2_000);
            var selection = Selection(section, document ?? "");
            section.End();
            if (document is null || selection is null)
            {
                continue;
            }

            var (found, lacks) = Load(file, section, selection);
            isPartial |= lacks;
            foreach (var tool in found)
            {
                if (homes.TryAdd(tool.Name, document))
                {
                    tools.Add(tool);
                }
                else
                {
                    isPartial |= Remote(document) is not null;
                    Problem(file, section, document, null, $"the tool '{tool.Name}' ({tool.Method} {tool.Path}) is in {homes[tool.Name]} already: set a prefix, such as 'prefix: shop_'");
                }
            }

            if (tools.Count > MaxTools)
            {
                Problem(file, section, document, null, $"these are {tools.Count} tools, more than the {MaxTools} that models take: name operations or tags");
            }
        }

        return [.. tools.Take(MaxTools)];
    }

    private (IReadOnlyList<OpenApiTool> Tools, bool IsPartial) Load(AgentFile file, YamlSection section, OpenApiSelection selection)
    {
        var origin = Remote(selection.Document);
        try
        {
            var document = origin is null
                ? documents.ReadFile(Path.GetFullPath(selection.Document, folder), selection.Document)
                : documents.FindRemote(origin);
            if (document is null)
            {
                return ([], true);
            }

            var compiled = OpenApiCompiler.Compile(document, selection, origin);
            foreach (var (name, message) in compiled.Problems)
            {
                Problem(file, section, selection.Document, name, message);
            }

            foreach (var operation in compiled.LeftOut)
            {
                documents.LeftOut(file.Name, selection.Document, operation);
            }

            return (compiled.Tools, origin is not null && compiled.Problems.Count > 0);
        }
        catch (OpenApiUnusableException exception)
        {
            Problem(file, section, selection.Document, null, exception.Message);
            return ([], origin is not null);
        }
    }

    /// <summary>An error of the file; but what somebody else changed in a document of theirs must not keep the agents from being read.</summary>
    private void Problem(AgentFile file, YamlSection section, string document, string? name, string message)
    {
        if (Remote(document) is { } uri)
        {
            documents.Lacking(file.Name, uri, message);
        }
        else
        {
            section.Add(section.Place(name), "document", $"{document}: {message}");
        }
    }

    /// <summary>Null when something in it is wrong.</summary>
    private OpenApiSelection? Selection(YamlSection section, string document)
    {
        var isRight = true;
        var operations = section.Texts("operations");
        var tags = section.Texts("tags");
        var prefix = section.Text("prefix", required: false, 32) ?? "";
        Require(Prefix().IsMatch(prefix), "prefix", $"'{prefix}' is not a prefix: use A-Z, a-z, 0-9, _ and -");
        Uri? server = null;
        if (section.Text("server", required: false, 2_000) is { } text)
        {
            Require(Uri.TryCreate(text, UriKind.Absolute, out server) && OpenApiServers.IsOne(server), "server", "an absolute http or https URL without query is expected, such as https://api.example.org/v1");
        }

        if (document.Contains("://", StringComparison.Ordinal) || document.Contains('\0', StringComparison.Ordinal))
        {
            Require(Remote(document) is not null, "document", "an http or https URL without user name is expected, or a path from the agents' folder");
        }

        var credentials = section.Pairs("credentials");
        foreach (var (scheme, secret) in credentials)
        {
            Require(SecretName().IsMatch(secret.Value) && secrets.Find(secret.Value) is not null, $"credentials.{scheme}", $"there is no secret '{secret.Value}': set {ToolSecrets.Section}:{secret.Value} to printable ASCII", secret);
        }

        var effects = section.Pairs("effects");
        foreach (var (id, effect) in effects)
        {
            Require(Effects.Contains(effect.Value), $"effects.{id}", $"'{effect.Value}' is not known: known are {string.Join(", ", Effects)}", effect);
        }

        var deadline = section.Duration("deadline", 0.1, 600) ?? 20;
        var length = (int?)section.Integer("max_result_length", 100, 1_000_000) ?? ToolEffectAttribute.DefaultMaxResultLength;
        return !isRight ? null : new OpenApiSelection(
            document,
            [.. operations.Select(operation => operation.Value)],
            [.. tags.Select(tag => tag.Value)],
            prefix,
            server,
            credentials.ToDictionary(pair => pair.Key, pair => pair.Value.Value, StringComparer.Ordinal),
            effects.ToDictionary(pair => pair.Key, pair => Enum.Parse<ToolEffect>(pair.Value.Value, ignoreCase: true), StringComparer.Ordinal),
            deadline,
            length);

        void Require(bool fits, string key, string message, YamlValue? at = null)
        {
            if (!fits)
            {
                isRight = false;
                section.Add(at ?? section.Find(key)!, key, message);
            }
        }
    }

    private static Uri? Remote(string document) =>
        Uri.TryCreate(document, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) && uri.UserInfo.Length == 0 ? uri : null;

    [GeneratedRegex("^[A-Za-z0-9_-]*$")]
    private static partial Regex Prefix();

    [GeneratedRegex("^[A-Za-z0-9_.-]{1,100}$")]
    private static partial Regex SecretName();
}
