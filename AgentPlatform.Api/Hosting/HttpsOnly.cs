using AgentPlatform.ServiceDefaults.Health;

namespace AgentPlatform.Api.Hosting;

/// <summary>Sends callers who come by HTTP to HTTPS, where the API serves it itself. Behind a proxy that ends TLS it does not.</summary>
internal static class HttpsOnly
{
    public static WebApplication UseHttpsWherePossible(this WebApplication app)
    {
        if (HasPort(app.Configuration))
        {
            // Probes come by address, where no certificate is good.
            app.UseWhen(static context => context.Request.Path.Value is not (DefaultPaths.Alive or DefaultPaths.Ready), static branch => branch.UseHttpsRedirection());
        }

        return app;
    }

    private static bool HasPort(IConfiguration configuration) =>
        !string.IsNullOrWhiteSpace(configuration["https_port"])
        || !string.IsNullOrWhiteSpace(configuration["https_ports"])
        || (configuration["urls"]?.Contains("https://", StringComparison.OrdinalIgnoreCase) ?? false)
        || configuration.GetSection("Kestrel:Endpoints").GetChildren().Any(endpoint => endpoint["Url"]?.StartsWith("https://", StringComparison.OrdinalIgnoreCase) is true);
}
