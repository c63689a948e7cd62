using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace AgentPlatform.Tests.Executor.Tools;

/// <summary>A real web server on a free port of loopback.</summary>
internal sealed class WebSite : IAsyncDisposable
{
    private readonly WebApplication _application;

    private WebSite(WebApplication application) => _application = application;

    public int Port => new Uri(_application.Urls.First()).Port;

    public int Requests { get; private set; }

    public string UserAgent { get; private set; } = "";

    public string IdempotencyKey { get; private set; } = "";

    public static Task<WebSite> StartAsync(Action<IEndpointRouteBuilder> map, CancellationToken cancellationToken) =>
        StartAsync(map, _ => Task.CompletedTask, cancellationToken);

    /// <param name="look">Looks at each request before it is handled, and is the one that reads its body.</param>
    public static async Task<WebSite> StartAsync(Action<IEndpointRouteBuilder> map, Func<HttpContext, Task> look, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        var site = new WebSite(application);
        application.Use(async (context, next) =>
        {
            site.Requests++;
            site.UserAgent = context.Request.Headers.UserAgent.ToString();
            site.IdempotencyKey = context.Request.Headers["Idempotency-Key"].ToString();
            await look(context);
            await next(context);
        });
        map(application);
        await application.StartAsync(cancellationToken);
        return site;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
