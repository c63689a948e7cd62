using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Hosting;

namespace AgentPlatform.ServiceDefaults;

/// <summary>
/// Defaults written as configuration, beneath every other source: a file, an environment variable or an argument overrides each of them
/// by its usual name. Set in code instead (<c>AddFilter</c>), a log level would silently win over the operator's.
/// </summary>
internal static class ConfigurationFloor
{
    internal static void AddFloor(this IHostApplicationBuilder builder, params IEnumerable<KeyValuePair<string, string?>> values) =>
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = values });
}
