using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace AgentPlatform.ServiceDefaults.Input;

/// <summary>
/// What makes a request unfit for every route: an address that is no text, a control character in a header, a header twice of which only one can count, a compressed body.
/// What breaks HTTP itself (sizes of lines and headers, framing, U+0000) the server refuses before, with a bare status.
/// </summary>
/// <param name="Status">400, 414 or 415.</param>
/// <param name="Field">The part of the request at fault.</param>
/// <param name="Detail">What is wrong and what to do.</param>
public sealed partial record RequestMistake(int Status, string Field, string Detail)
{
    /// <summary>Characters; the longest path of ours has a third of it.</summary>
    public const int LongestPath = 2048;

    /// <summary>Of two of these nobody could say which one counts.</summary>
    private static readonly string[] Single =
    [
        HeaderNames.Authorization, "x-api-key", HeaderNames.ContentType, HeaderNames.ContentEncoding, "Idempotency-Key", HeaderNames.IfMatch, "Last-Event-ID",
    ];

    /// <summary>Null for a request that the routes may look at.</summary>
    public static RequestMistake? Of(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return Address(request) ?? Headers(request.Headers);
    }

    private static RequestMistake? Address(HttpRequest request)
    {
        var target = request.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        var (path, query) = mark < 0 ? (target, "") : (target[..mark], target[(mark + 1)..]);
        return path.Length > LongestPath ? new RequestMistake(StatusCodes.Status414UriTooLong, "path", $"The path is longer than {LongestPath} characters. No route has such a path.")
            : Wrong("path", path, () => Holder(request.RouteValues)) ?? Wrong("query", query, () => Holder(request.Query));
    }

    /// <param name="holder">The name of what holds the control character, where it is known.</param>
    private static RequestMistake? Wrong(string field, string text, Func<string?> holder) => PercentText.Read(text) switch
    {
        PercentTextKind.BadEscape => new RequestMistake(StatusCodes.Status400BadRequest, field, $"In the {field} a '%' is not followed by two hexadecimal digits. Write a percent sign as %25."),
        PercentTextKind.NotUtf8 => new RequestMistake(StatusCodes.Status400BadRequest, field, $"The {field} is not UTF-8. Encode its text as UTF-8 before escaping it."),
        PercentTextKind.Control when holder() is { } name => new RequestMistake(StatusCodes.Status400BadRequest, name, $"'{name}' holds a control character. Remove it."),
        PercentTextKind.Control => new RequestMistake(StatusCodes.Status400BadRequest, field, $"The {field} holds a control character. Remove it."),
        _ => null,
    };

    private static string? Holder<TValue>(IEnumerable<KeyValuePair<string, TValue>> values) => values
        .Where(value => value.Value?.ToString().AsSpan().ContainsAny(PercentText.Controls) is true && Name().IsMatch(value.Key))
        .Select(value => value.Key.Split('.')[0])
        .FirstOrDefault();

    /// <summary>A parameter of ours, such as <c>session_id</c> and <c>metadata.team</c>.</summary>
    [GeneratedRegex(@"^[a-z_]+(\.|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    private static RequestMistake? Headers(IHeaderDictionary headers)
    {
        foreach (var (name, values) in headers)
        {
            foreach (var value in values)
            {
                if (value.AsSpan().ContainsAny(PercentText.Controls))
                {
                    return new RequestMistake(StatusCodes.Status400BadRequest, name, $"The header '{name}' holds a control character. Remove it.");
                }
            }
        }

        foreach (var name in Single)
        {
            if (headers[name].Count > 1)
            {
                return new RequestMistake(StatusCodes.Status400BadRequest, name, $"The header '{name}' appears more than once. Send it once.");
            }
        }

        return headers.ContentEncoding is [{ Length: > 0 } encoding] && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase)
            ? new RequestMistake(StatusCodes.Status415UnsupportedMediaType, HeaderNames.ContentEncoding, "Compressed bodies are not taken. Send the body as it is, without 'Content-Encoding'.")
            : null;
    }
}
