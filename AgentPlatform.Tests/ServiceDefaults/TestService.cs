using System.Text;
using System.Text.Json;
using AgentPlatform.ServiceDefaults.Logging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AgentPlatform.Tests.ServiceDefaults;

/// <summary>A small service with the defaults, on a real server and a free port. Its log is read after the stop, when all of it is written.</summary>
internal sealed class TestService : IAsyncDisposable
{
    private readonly MemoryStream _log = new();

    private TestService(WebApplicationBuilder builder)
    {
        // Only the provider that writes to stdout goes; ClearProviders would take the exporter's with it.
        builder.Services.Remove(builder.Services.Single(service => service.ServiceType == typeof(ILoggerProvider)
            && service.ImplementationFactory?.Method.Module.Assembly == typeof(AgentServiceDefaults).Assembly));
        builder.Logging.AddJsonLines(_log);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        App = builder.Build();
    }

    internal WebApplication App { get; }

    internal HttpClient Client { get; } = new();

    internal T Get<T>()
        where T : notnull => App.Services.GetRequiredService<T>();

    internal static async Task<TestService> StartAsync(
        Action<WebApplicationBuilder>? configure = null, Action<WebApplication>? map = null, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        builder.AddServiceDefaults();
        configure?.Invoke(builder);
        var service = new TestService(builder);
        service.App.MapDefaultEndpoints();
        service.App.MapHealth();
        map?.Invoke(service.App);
        await service.App.StartAsync(TestContext.Current.CancellationToken);
        service.Client.BaseAddress = new Uri(service.App.Urls.Single());
        return service;
    }

    internal async Task<(int Status, JsonElement Body)> GetJsonAsync(string path)
    {
        using var response = await Client.GetAsync(path, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, JsonSerializer.Deserialize<JsonElement>(body));
    }

    /// <summary>Stops the service and reads its log: each line must be one JSON object.</summary>
    internal async Task<JsonElement[]> StopAndReadLogAsync()
    {
        await App.StopAsync(TestContext.Current.CancellationToken);
        await App.DisposeAsync();
        return ReadLines(Encoding.UTF8.GetString(_log.ToArray()));
    }

    internal static JsonElement[] ReadLines(string text) =>
        [.. text.Split('\n').SkipLast(1).Select(line => JsonSerializer.Deserialize<JsonElement>(line))];

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await App.DisposeAsync();
    }
}
