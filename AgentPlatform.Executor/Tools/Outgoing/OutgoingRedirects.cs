using System.Net;

namespace AgentPlatform.Executor.Tools.Outgoing;

/// <summary>Follows redirects of a <c>GET</c>; each place is judged like the first one. Never from https to http.</summary>
internal static class OutgoingRedirects
{
    public const int Max = 5;

    /// <param name="get">Asks for one URL and follows nothing.</param>
    /// <exception cref="OutgoingRefusedException">A redirect leads where it may not.</exception>
    /// <exception cref="HttpRequestException">There are too many of them, or one leads nowhere.</exception>
    public static async Task<HttpResponseMessage> FollowAsync(
        Uri uri, Func<Uri, CancellationToken, Task<HttpResponseMessage>> get, CancellationToken cancellationToken)
    {
        for (var redirects = 0; ; redirects++)
        {
            var response = await get(uri, cancellationToken);
            if (!IsRedirect(response.StatusCode) || response.Headers.Location is not { } location)
            {
                return response;
            }

            response.Dispose();
            if (redirects == Max)
            {
                throw new HttpRequestException($"The page redirects more than {Max} times.");
            }

            uri = Next(uri, location);
        }
    }

    private static Uri Next(Uri from, Uri location)
    {
        if (!Uri.TryCreate(from, location, out var next))
        {
            throw new HttpRequestException("The page redirects to something that is not a URL.");
        }

        return from.Scheme == Uri.UriSchemeHttps && next.Scheme == Uri.UriSchemeHttp
            ? throw new OutgoingRefusedException("The page redirects from https to http, which is not followed.")
            : next;
    }

    private static bool IsRedirect(HttpStatusCode status) => (int)status is 301 or 302 or 303 or 307 or 308;
}
