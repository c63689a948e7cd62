namespace AgentPlatform.AppHost.Local;

/// <summary>The environment a service gets, the same as under Aspire, so that it cannot tell the two stacks apart. All else is inherited.</summary>
internal static class ServiceEnvironment
{
    /// <param name="inherited">Reads the AppHost's own environment.</param>
    public static IReadOnlyDictionary<string, string?> For(
        Resource replica, string service, IReadOnlyDictionary<string, string?> references, Func<string, string?> inherited)
    {
        var resource = $"service.instance.id={replica.Name}";
        return new Dictionary<string, string?>(references)
        {
            ["ASPNETCORE_URLS"] = replica.Address,
            // Would compete with the address above.
            ["ASPNETCORE_HTTP_PORTS"] = null,
            ["ASPNETCORE_HTTPS_PORTS"] = null,
            ["ASPNETCORE_ENVIRONMENT"] = inherited("ASPNETCORE_ENVIRONMENT") is { Length: > 0 } stated ? stated : "Development",
            ["OTEL_SERVICE_NAME"] = service,
            ["OTEL_RESOURCE_ATTRIBUTES"] = inherited("OTEL_RESOURCE_ATTRIBUTES") is { Length: > 0 } others ? $"{others},{resource}" : resource,
            ["Logging__File__Path"] = replica.LogFile,
            [ParentWatch.Variable] = $"{Environment.ProcessId}",
        };
    }
}
