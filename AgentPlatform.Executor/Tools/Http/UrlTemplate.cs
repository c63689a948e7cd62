using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AgentPlatform.Executor.Tools.Http;

/// <summary>
/// An absolute URL with <c>{placeholders}</c> in its path and query. A model fills them, so what it gives stays inside the
/// place it was given for: it is percent-encoded, cannot be a dot segment, and cannot reach the host.
/// </summary>
internal sealed partial class UrlTemplate
{
    private readonly string _origin;
    private readonly string[] _segments;
    private readonly string[] _query;

    private UrlTemplate(string origin, string path, string query)
    {
        _origin = origin;
        _segments = path.Split('/');
        _query = query.Split('&', StringSplitOptions.RemoveEmptyEntries);
        InPath = Names(path);
        InQuery = Names(query);
        Host = new Uri(origin).Authority;
    }

    public string Host { get; }

    public IReadOnlySet<string> InPath { get; }

    public IReadOnlySet<string> InQuery { get; }

    public bool Uses(string name) => InPath.Contains(name) || InQuery.Contains(name);

    /// <exception cref="FormatException">Why it cannot be used, as the end of a sentence.</exception>
    public static UrlTemplate Parse(string url)
    {
        url = url.Trim();
        var scheme = url.IndexOf("://", StringComparison.Ordinal);
        var end = scheme < 0 ? -1 : url.IndexOfAny(['/', '?', '#'], scheme + 3);
        var origin = end < 0 ? url : url[..end];
        var rest = end < 0 ? "" : url[end..];
        if (origin.Contains('{', StringComparison.Ordinal))
        {
            throw new FormatException("may have {placeholders} in its path and query only, so that a model cannot choose the host");
        }

        if (Placeholder().Replace(rest, "").AsSpan().IndexOfAny('{', '}') >= 0)
        {
            throw new FormatException("has a brace that belongs to no {placeholder}; names are letters, digits, _, - and .");
        }

        if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri)
            || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            || uri.IdnHost.Length == 0
            || !Uri.TryCreate(Placeholder().Replace(url, "x"), UriKind.Absolute, out _))
        {
            throw new FormatException("is not an absolute http or https URL; give one such as https://api.example.org/orders/{id}");
        }

        if (uri.UserInfo.Length > 0 || rest.Contains('#', StringComparison.Ordinal))
        {
            throw new FormatException("may have neither a user name nor a fragment; give credentials as a header, Headers:Authorization");
        }

        if (IPAddress.TryParse(uri.IdnHost, out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)))
        {
            throw new FormatException("names no host: 0.0.0.0 and [::] are addresses to listen on; give the server's name");
        }

        var query = rest.IndexOf('?', StringComparison.Ordinal);
        return new UrlTemplate(origin, query < 0 ? rest : rest[..query], query < 0 ? "" : rest[(query + 1)..]);
    }

    /// <param name="arguments">What the model gave.</param>
    /// <param name="restAsQuery">Arguments that no placeholder takes go into the query.</param>
    /// <exception cref="ToolException">An argument cannot be where the URL has it.</exception>
    public Uri Fill(IReadOnlyDictionary<string, JsonElement> arguments, bool restAsQuery)
    {
        var url = new StringBuilder(_origin).AppendJoin('/', _segments.Select(segment => Segment(segment, arguments)));
        var pairs = _query
            .Where(pair => Placeholder().Matches(pair).All(match => Text(arguments, match.Groups[1].Value) is not null))
            .Select(pair => Replace(pair, arguments))
            .Concat(arguments.Where(argument => restAsQuery && !Uses(argument.Key)).SelectMany(argument => Pairs(argument.Key, argument.Value)));
        var separator = '?';
        foreach (var pair in pairs)
        {
            url.Append(separator).Append(pair);
            separator = '&';
        }

        return Uri.TryCreate(url.ToString(), UriKind.Absolute, out var uri)
            ? uri
            : throw new ToolException("The arguments are too long for a URL.", ToolErrorKind.InvalidArguments);
    }

    private static string Segment(string segment, IReadOnlyDictionary<string, JsonElement> arguments)
    {
        if (Placeholder().Match(segment) is not { Success: true } first)
        {
            return segment;
        }

        // Nothing, '.' and '..' would address another resource than the one the URL was written for.
        var filled = Replace(segment, arguments);
        return filled is not ("" or "." or "..")
            ? filled
            : throw new ToolException(
                $"The argument '{first.Groups[1].Value}' is part of a path and can be neither empty nor '.' nor '..'.", ToolErrorKind.InvalidArguments);
    }

    private static string Replace(string text, IReadOnlyDictionary<string, JsonElement> arguments) =>
        Placeholder().Replace(text, match => Uri.EscapeDataString(Text(arguments, match.Groups[1].Value) ?? ""));

    private static IEnumerable<string> Pairs(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => [],
        JsonValueKind.Array => value.EnumerateArray().Select(item => $"{Uri.EscapeDataString(name)}={Uri.EscapeDataString(Text(item))}"),
        _ => [$"{Uri.EscapeDataString(name)}={Uri.EscapeDataString(Text(value))}"],
    };

    private static string? Text(IReadOnlyDictionary<string, JsonElement> arguments, string name) =>
        arguments.TryGetValue(name, out var value) && value.ValueKind is not JsonValueKind.Null ? Text(value) : null;

    private static string Text(JsonElement value) => value.ValueKind is JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static HashSet<string> Names(string text) =>
        Placeholder().Matches(text).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);

    [GeneratedRegex(@"\{([A-Za-z0-9_.-]+)\}")]
    private static partial Regex Placeholder();
}
