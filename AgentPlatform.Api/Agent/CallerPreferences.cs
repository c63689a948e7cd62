using Microsoft.AspNetCore.Http.Headers;

namespace AgentPlatform.Api.Agent;

/// <summary>What a caller wishes by headers. A header that cannot be read is no wish.</summary>
/// <param name="CacheRead">False for <c>Cache-Control: no-cache</c> and <c>no-store</c>.</param>
/// <param name="CacheWrite">False for <c>Cache-Control: no-store</c>.</param>
/// <param name="CacheMaxAge">How old a cached answer may be: <c>Cache-Control: max-age</c>; null for no bound.</param>
/// <param name="CacheOnly"><c>Cache-Control: only-if-cached</c>: a cached answer or none.</param>
/// <param name="Language"><c>zh</c> or <c>en</c>: whichever <c>Accept-Language</c> likes better, else English.</param>
internal sealed record CallerPreferences(bool CacheRead, bool CacheWrite, TimeSpan? CacheMaxAge, bool CacheOnly, string Language)
{
    private const string Chinese = "zh";
    private const string English = "en";

    public static CallerPreferences Of(HttpRequest request)
    {
        var headers = request.GetTypedHeaders();
        var cache = headers.CacheControl;
        var noStore = cache?.NoStore ?? false;
        return new(!(noStore || (cache?.NoCache ?? false)), !noStore, cache?.MaxAge, cache?.OnlyIfCached ?? false, LanguageOf(headers));
    }

    private static string LanguageOf(RequestHeaders headers)
    {
        var (chinese, english) = (0.0, 0.0);
        foreach (var range in headers.AcceptLanguage)
        {
            var quality = range.Quality ?? 1.0;
            chinese = Speaks(range.Value, Chinese) ? Math.Max(chinese, quality) : chinese;
            english = Speaks(range.Value, English) ? Math.Max(english, quality) : english;
        }

        return chinese > english ? Chinese : English;
    }

    /// <summary>The language itself or a variety of it, such as zh-Hans-CN.</summary>
    private static bool Speaks(Microsoft.Extensions.Primitives.StringSegment range, string language) =>
        range.StartsWith(language, StringComparison.OrdinalIgnoreCase)
        && (range.Length == language.Length || range[language.Length] == '-');
}
