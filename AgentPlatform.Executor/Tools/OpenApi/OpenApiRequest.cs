using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AgentPlatform.Executor.Tools.Http;

namespace AgentPlatform.Executor.Tools.OpenApi;

/// <summary>Makes the request of one call: each argument in its place, each secret in its own.</summary>
internal sealed partial class OpenApiRequest(OpenApiTool tool, IReadOnlyDictionary<string, JsonElement> arguments, ToolSecrets secrets)
{
    private readonly List<KeyValuePair<string, string>> _headers = [];
    private readonly List<string> _query = [];

    /// <exception cref="ToolException">An argument cannot be where the operation has it, or a secret is missing.</exception>
    public HttpToolRequest Build(HttpEndpoint endpoint, ToolCallContext call)
    {
        foreach (var (argument, value) in Given(OpenApiPlace.Query))
        {
            _query.AddRange(OpenApiValues.Query(argument, value));
        }

        foreach (var (argument, value) in Given(OpenApiPlace.Header).Where(given => given.Value.ValueKind is not JsonValueKind.Null))
        {
            _headers.Add(new(argument.Name, OpenApiHeaders.Checked(argument.Argument, OpenApiValues.Header(argument, value))));
        }

        foreach (var credential in tool.Credentials)
        {
            AddCredential(credential);
        }

        var query = _query.Count == 0 ? "" : $"?{string.Join('&', _query)}";
        return Uri.TryCreate($"{tool.Server}{Path()}{query}", UriKind.Absolute, out var uri)
            ? new HttpToolRequest(endpoint, uri, _headers, Body(), call)
            : throw new ToolException("The arguments are too long for a URL.", ToolErrorKind.InvalidArguments);
    }

    private IEnumerable<(OpenApiArgument Argument, JsonElement Value)> Given(OpenApiPlace place) =>
        from argument in tool.Arguments
        where argument.Place == place && arguments.ContainsKey(argument.Argument)
        select (argument, arguments[argument.Argument]);

    private string Path()
    {
        var byName = tool.Arguments.Where(argument => argument.Place is OpenApiPlace.Path).ToDictionary(argument => argument.Name, StringComparer.Ordinal);
        return string.Join('/', tool.Path.Split('/').Select(segment => Segment(segment, byName)));
    }

    /// <summary>Nothing, '.' and '..' would address another resource than the one the path was written for.</summary>
    private string Segment(string segment, Dictionary<string, OpenApiArgument> byName)
    {
        string? first = null;
        var filled = Placeholder().Replace(segment, match =>
        {
            if (!byName.TryGetValue(match.Groups[1].Value, out var argument))
            {
                return match.Value;
            }

            first ??= argument.Argument;
            return arguments.TryGetValue(argument.Argument, out var value) ? OpenApiValues.Path(argument, value) : "";
        });
        return first is null || filled is not ("" or "." or "..")
            ? filled
            : throw new ToolException($"The argument '{first}' is part of a path and can be neither empty nor '.' nor '..'.", ToolErrorKind.InvalidArguments);
    }

    private HttpPayload? Body()
    {
        if (tool.Body is not { } body)
        {
            return null;
        }

        if (Given(OpenApiPlace.Body).Select(given => (JsonElement?)given.Value).FirstOrDefault() is { } whole)
        {
            return new HttpPayload(Encoding.UTF8.GetBytes(whole.GetRawText()), body.MediaType);
        }

        var members = Given(OpenApiPlace.Member).ToList();
        if (members.Count == 0 && !body.Required)
        {
            return null;
        }

        return body.MediaType == OpenApiBody.Form
            ? new HttpPayload(Encoding.UTF8.GetBytes(string.Join('&', members.SelectMany(given => OpenApiValues.Form(given.Argument, given.Value)))), body.MediaType)
            : new HttpPayload(Json(members), body.MediaType);
    }

    private static ReadOnlyMemory<byte> Json(IEnumerable<(OpenApiArgument Argument, JsonElement Value)> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (argument, value) in members)
            {
                writer.WritePropertyName(argument.Name);
                value.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private void AddCredential(OpenApiCredential credential)
    {
        var value = secrets.Find(credential.Secret)
            ?? throw new ToolException($"'{tool.Name}' was not called: its credentials are not configured. Nothing was sent.");
        switch (credential.Kind)
        {
            case OpenApiCredentialKind.Header:
                _headers.RemoveAll(header => header.Key.Equals(credential.Name, StringComparison.OrdinalIgnoreCase));
                _headers.Add(new(credential.Name, value));
                break;
            case OpenApiCredentialKind.Query:
                _query.RemoveAll(pair => pair.StartsWith($"{Uri.EscapeDataString(credential.Name)}=", StringComparison.OrdinalIgnoreCase));
                _query.Add($"{Uri.EscapeDataString(credential.Name)}={Uri.EscapeDataString(value)}");
                break;
            case OpenApiCredentialKind.Cookie:
                _headers.Add(new("Cookie", $"{credential.Name}={Uri.EscapeDataString(value)}"));
                break;
            case OpenApiCredentialKind.Basic:
                _headers.Add(new("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(value))}"));
                break;
            default:
                _headers.Add(new("Authorization", $"Bearer {value}"));
                break;
        }
    }

    [GeneratedRegex(@"\{([^{}]+)\}")]
    private static partial Regex Placeholder();
}
