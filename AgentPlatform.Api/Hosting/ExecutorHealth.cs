using System.Text.Json;
using AgentPlatform.Api.ExecutorClient;
using AgentPlatform.ServiceDefaults;
using AgentPlatform.ServiceDefaults.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AgentPlatform.Api.Hosting;

/// <summary>
/// What <c>/health</c> says of what lies behind the API: an executor, and Postgres as an executor sees it, because the API
/// never opens Postgres itself. While no executor answers nobody can say that Postgres is well, and people should look.
/// </summary>
internal sealed class ExecutorHealth(IHttpClientFactory clients) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            using var client = clients.CreateClient(ExecutorClientRegistration.CallsClient);
            using var response = await client.GetAsync(DefaultPaths.Health, cancellationToken);
            using var report = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken: cancellationToken);
            return context.Registration.Name == ResourceNames.Database ? DatabaseOf(report.RootElement) : HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "No executor answers.");
        }
    }

    private static HealthCheckResult DatabaseOf(JsonElement report) =>
        report.TryGetProperty("dependencies", out var dependencies)
        && dependencies.TryGetProperty(ResourceNames.Database, out var database)
        && database.GetProperty("status").GetString() == "ok"
            ? HealthCheckResult.Healthy()
            : HealthCheckResult.Unhealthy("Postgres does not answer the executor.");
}
