using System.Text;
using Microsoft.OpenApi;

namespace AgentPlatform.Executor.Tools.OpenApi;

/// <summary>Makes a tool of one operation.</summary>
/// <param name="origin">Where the document was fetched; null for a file.</param>
internal sealed class OpenApiOperationTool(OpenApiDocument document, OpenApiSelection selection, Uri? origin)
{
    private const int MaxDescriptionLength = 1_000;

    /// <exception cref="OpenApiUnusableException">No tool can be made of it.</exception>
    public OpenApiTool Make(OpenApiFound found)
    {
        if (found.Path.AsSpan().IndexOfAny('?', '#') >= 0)
        {
            throw new OpenApiUnusableException("its path has a query or a fragment in it");
        }

        var schemas = new OpenApiSchemas(document);
        var arguments = new OpenApiArguments(schemas);
        foreach (var parameter in Parameters(found))
        {
            AddParameter(parameter, arguments, schemas);
        }

        var body = AddBody(found.Operation.RequestBody, arguments, schemas);
        var credentials = Credentials(found.Operation);
        return new OpenApiTool
        {
            Name = OpenApiNames.Tool(selection.Prefix, found.Id),
            Description = Describe(found),
            Method = found.Method.Method,
            Server = Server(found, credentials.Count > 0),
            Path = found.Path,
            Effect = Effect(found),
            Schema = arguments.Schema(),
            Arguments = arguments.All,
            Body = body,
            Credentials = credentials,
            DeadlineSeconds = selection.DeadlineSeconds,
            MaxResultLength = selection.MaxResultLength,
        };
    }

    /// <summary>Of the path and of the operation, which has the last word; those in the path first.</summary>
    private static IEnumerable<IOpenApiParameter> Parameters(OpenApiFound found)
    {
        var own = found.Operation.Parameters ?? [];
        return (found.Item.Parameters ?? [])
            .Where(shared => !own.Any(parameter => parameter.Name == shared.Name && parameter.In == shared.In))
            .Concat(own)
            .OrderBy(parameter => parameter.In is not ParameterLocation.Path);
    }

    private static void AddParameter(IOpenApiParameter parameter, OpenApiArguments arguments, OpenApiSchemas schemas)
    {
        if (parameter is OpenApiParameterReference { Reference.ExternalResource: { } file })
        {
            throw new OpenApiUnusableException($"a parameter is in '{file}', which is not fetched");
        }

        if (parameter is not { Name: { Length: > 0 } name, In: { } place })
        {
            throw new OpenApiUnusableException("a parameter has no name or no place");
        }

        // A header of the platform's own, or of HTTP itself, is none that a model may set.
        if (place is ParameterLocation.Cookie || (place is ParameterLocation.Header && OpenApiHeaders.IsReserved(name)))
        {
            if (parameter.Required && place is ParameterLocation.Cookie)
            {
                throw new OpenApiUnusableException($"its parameter '{name}' is a cookie, which a model cannot give");
            }

            return;
        }

        var json = parameter.Content?.Values.FirstOrDefault()?.Schema;
        var schema = schemas.Convert(json ?? parameter.Schema ?? new OpenApiSchema());
        if (parameter.Description is { Length: > 0 } description && !schema.ContainsKey("$ref"))
        {
            schema["description"] = Cut(description);
        }

        var style = json is not null ? OpenApiStyle.Json : Style(parameter.Style, name);
        var argument = new OpenApiArgument("", name, Enum.Parse<OpenApiPlace>(place.ToString()), style, parameter.Explode);
        arguments.Add(argument, schema, parameter.Required || place is ParameterLocation.Path);
    }

    private static OpenApiStyle Style(ParameterStyle? style, string name) => style switch
    {
        null or ParameterStyle.Simple => OpenApiStyle.Simple,
        ParameterStyle.Form => OpenApiStyle.Form,
        ParameterStyle.SpaceDelimited => OpenApiStyle.SpaceDelimited,
        ParameterStyle.PipeDelimited => OpenApiStyle.PipeDelimited,
        ParameterStyle.DeepObject => OpenApiStyle.DeepObject,
        _ => throw new OpenApiUnusableException($"its parameter '{name}' has the style {style.ToString()!.ToLowerInvariant()}, which is not supported"),
    };

    private static OpenApiBody? AddBody(IOpenApiRequestBody? body, OpenApiArguments arguments, OpenApiSchemas schemas)
    {
        if (body is null)
        {
            return null;
        }

        if (body is OpenApiRequestBodyReference { Reference.ExternalResource: { } file })
        {
            throw new OpenApiUnusableException($"its body is in '{file}', which is not fetched");
        }

        var types = body.Content ?? new Dictionary<string, OpenApiMediaType>();
        var type = types.Keys.FirstOrDefault(IsJson) ?? types.Keys.FirstOrDefault(key => key == OpenApiBody.Form)
            ?? throw new OpenApiUnusableException($"its body is {string.Join(" or ", types.Keys.DefaultIfEmpty("nothing that is named"))}, neither JSON nor a form");
        var schema = types[type].Schema is { } given ? schemas.Convert(given) : [];
        // A form is only ever its fields.
        arguments.AddBody(schema, body.Required || type == OpenApiBody.Form, Cut(body.Description ?? ""));
        if (type == OpenApiBody.Form && arguments.All.Any(argument => argument.Place is OpenApiPlace.Body))
        {
            throw new OpenApiUnusableException("its body is a form that is no plain object");
        }

        var isExact = type.Contains('/', StringComparison.Ordinal) && !type.Contains('*', StringComparison.Ordinal);
        return new OpenApiBody(isExact ? type.Split(';')[0].Trim() : "application/json", body.Required);
    }

    private static bool IsJson(string type)
    {
        var media = type.Split(';')[0].Trim();
        return media is "*/*" or "application/*" or "application/json" || media.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Of the first alternative whose schemes all have a secret; none when there is no such alternative.</summary>
    private List<OpenApiCredential> Credentials(OpenApiOperation operation)
    {
        var alternatives = operation.Security ?? document.Security ?? [];
        var chosen = alternatives.FirstOrDefault(alternative =>
            alternative.Count > 0 && alternative.Keys.All(scheme => selection.Credentials.ContainsKey(scheme.Reference.Id ?? "")));
        return [.. (chosen?.Keys ?? Enumerable.Empty<OpenApiSecuritySchemeReference>()).Select(Credential)];
    }

    private OpenApiCredential Credential(OpenApiSecuritySchemeReference scheme)
    {
        var secret = selection.Credentials[scheme.Reference.Id!];
        return (scheme.Type, scheme.In, scheme.Scheme?.ToLowerInvariant()) switch
        {
            (SecuritySchemeType.ApiKey, ParameterLocation.Header, _) => new OpenApiCredential(secret, OpenApiCredentialKind.Header, scheme.Name ?? ""),
            (SecuritySchemeType.ApiKey, ParameterLocation.Query, _) => new OpenApiCredential(secret, OpenApiCredentialKind.Query, scheme.Name ?? ""),
            (SecuritySchemeType.ApiKey, ParameterLocation.Cookie, _) => new OpenApiCredential(secret, OpenApiCredentialKind.Cookie, scheme.Name ?? ""),
            (SecuritySchemeType.Http, _, "basic") => new OpenApiCredential(secret, OpenApiCredentialKind.Basic),
            (SecuritySchemeType.Http, _, "bearer") or (SecuritySchemeType.OAuth2 or SecuritySchemeType.OpenIdConnect, _, _) =>
                new OpenApiCredential(secret, OpenApiCredentialKind.Bearer),
            _ => throw new OpenApiUnusableException($"its security scheme '{scheme.Reference.Id}' is of a kind that is not supported"),
        };
    }

    /// <summary>
    /// The agent file's, else the operation's, its path's or the document's first one. A document from elsewhere may not say where
    /// secrets go: not to another server than its own.
    /// </summary>
    private string Server(OpenApiFound found, bool hasCredentials)
    {
        if (selection.Server is { } own)
        {
            return own.AbsoluteUri.TrimEnd('/');
        }

        var declared = (found.Operation.Servers is { Count: > 0 } ? found.Operation.Servers
            : found.Item.Servers is { Count: > 0 } ? found.Item.Servers
            : document.Servers ?? []).FirstOrDefault();
        var url = new StringBuilder(declared?.Url ?? "/");
        foreach (var (name, variable) in declared?.Variables ?? new Dictionary<string, OpenApiServerVariable>())
        {
            url.Replace($"{{{name}}}", variable.Default ?? "");
        }

        var text = url.ToString();
        var isAbsolute = text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        if (!(isAbsolute ? Uri.TryCreate(text, UriKind.Absolute, out var server) : Uri.TryCreate(origin, text, out server)) || !OpenApiServers.IsOne(server))
        {
            throw new OpenApiUnusableException($"the document names no absolute server for it ('{text}'): add 'server: https://…'");
        }

        return hasCredentials && origin is not null && !server.GetLeftPart(UriPartial.Authority).Equals(origin.GetLeftPart(UriPartial.Authority), StringComparison.OrdinalIgnoreCase)
            ? throw new OpenApiUnusableException($"the document would send credentials to {server.Authority}: name the server in this file, with 'server: …'")
            : server.AbsoluteUri.TrimEnd('/');
    }

    private ToolEffect Effect(OpenApiFound found)
    {
        foreach (var (id, effect) in selection.Effects)
        {
            if (found.Is(id))
            {
                return effect;
            }
        }

        return found.Method.Method switch
        {
            "GET" or "HEAD" => ToolEffect.Read,
            "PUT" or "DELETE" => ToolEffect.Idempotent,
            _ => ToolEffect.Write,
        };
    }

    private static string Describe(OpenApiFound found)
    {
        var (summary, description) = (found.Operation.Summary?.Trim() ?? "", found.Operation.Description?.Trim() ?? "");
        var text = summary.Length == 0 || description.StartsWith(summary, StringComparison.OrdinalIgnoreCase) ? description
            : description.Length == 0 ? summary
            : $"{summary.TrimEnd('.')}. {description}";
        return Cut(text.Length == 0 ? found.Line : text);
    }

    private static string Cut(string text) =>
        text.Length <= MaxDescriptionLength ? text : $"{text[..(MaxDescriptionLength - (char.IsHighSurrogate(text[MaxDescriptionLength - 2]) ? 2 : 1))]}…";
}
