using System.Collections.Concurrent;
using System.Globalization;
using AgentPlatform.Executor.Tools;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AgentPlatform.Tests.Executor.Tools.Http;

/// <summary>A server that answers as told, and the executor's tools over a configuration that names it.</summary>
internal sealed class HttpToolBench : IAsyncDisposable
{
    private WebSite _site = null!;

    private HttpToolBench()
    {
    }

    /// <summary>What the server does with its n-th request, from 1; anything but a status is written by the handler itself.</summary>
    public Func<HttpContext, int, Task> Answer { get; set; } = (context, _) => context.Response.WriteAsync("done");

    public ConcurrentQueue<Received> Received { get; } = new();

    public int Port => _site.Port;

    public string Home => $"http://localhost:{Port}";

    public static async Task<HttpToolBench> StartAsync()
    {
        var bench = new HttpToolBench();
        bench._site = await WebSite.StartAsync(
            routes => routes.Map("/{**path}", async context =>
            {
                await Tools.Http.Received.OfAsync(context, bench.Received);
                await bench.Answer(context, bench.Received.Count);
            }),
            TestContext.Current.CancellationToken);
        return bench;
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    public void AnswerWith(params int[] statuses) => Answer = (context, number) =>
    {
        context.Response.StatusCode = statuses[Math.Min(number, statuses.Length) - 1];
        return context.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"answer {number}"));
    };

    /// <summary>Settings of one tool <c>t</c>; a URL that begins with a slash is of this server, whose address is allowed.</summary>
    public ServiceProvider Tool(string method, string url, params (string Key, string Value)[] settings) =>
        Services([
            new("Tools:Http:t:Description", "A tool."),
            new("Tools:Http:t:Method", method),
            new("Tools:Http:t:Url", url.StartsWith('/') ? Home + url : url),
            .. settings.Any(setting => setting.Key == "AllowPrivate") ? [] : new KeyValuePair<string, string?>[] { new("Tools:Http:t:AllowPrivate", "true") },
            .. settings.Select(setting => new KeyValuePair<string, string?>($"Tools:Http:t:{setting.Key}", setting.Value)),
        ]);

    /// <summary>With the defaults that the services give every HTTP client.</summary>
    public static ServiceProvider Services(IEnumerable<KeyValuePair<string, string?>> settings, TimeProvider? time = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddSingleton(time ?? TimeProvider.System);
        services.AddLogging();
        services.AddServiceDiscovery();
        services.ConfigureHttpClientDefaults(http => http.AddServiceDiscovery().RemoveAllLoggers());
        services.AddTools();
        return services.BuildServiceProvider();
    }

    public static Task<ToolResult> CallAsync(IServiceProvider services, string arguments = "{}", string tool = "t", string callId = "call_1") =>
        services.GetRequiredService<ToolInvoker>().InvokeAsync(
            services.GetRequiredService<ToolCatalogue>().Find(tool)!,
            arguments,
            ToolBench.Call with { CallId = callId },
            TestContext.Current.CancellationToken);
}
