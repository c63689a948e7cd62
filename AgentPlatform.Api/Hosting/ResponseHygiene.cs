using Microsoft.Net.Http.Headers;

namespace AgentPlatform.Api.Hosting;

/// <summary>What every answer says to browsers and caches, errors included. An endpoint that says more itself, such as the page at <c>/docs</c>, has the last word.</summary>
internal static class ResponseHygiene
{
    /// <summary>Nothing here is a page: a browser that shows an answer as one shall run, load and frame nothing.</summary>
    private const string NoPage = "default-src 'none'; frame-ancestors 'none'";

    public static WebApplication UseResponseHygiene(this WebApplication app)
    {
        if (!app.Environment.IsDevelopment())
        {
            app.UseHsts();
        }

        app.Use(static (context, next) =>
        {
            // When the answer starts, because an exception's handler clears what was set before.
            context.Response.OnStarting(static state =>
            {
                Complete(((HttpResponse)state).Headers);
                return Task.CompletedTask;
            }, context.Response);
            return next(context);
        });
        return app;
    }

    private static void Complete(IHeaderDictionary headers)
    {
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.TryAdd(HeaderNames.ContentSecurityPolicy, NoPage);
        // Answers are their caller's alone. What has a tag may be kept by the caller, to be asked about.
        headers.TryAdd(HeaderNames.CacheControl, headers.ContainsKey(HeaderNames.ETag) ? "private, no-cache" : "no-store");
    }
}
