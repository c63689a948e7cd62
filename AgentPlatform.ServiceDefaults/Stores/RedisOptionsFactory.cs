using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace AgentPlatform.ServiceDefaults.Stores;

/// <summary>Begins the options with the parsed connection string, which can only be parsed into a new object, and lets the usual configuration follow.</summary>
internal sealed class RedisOptionsFactory(
    string connectionName,
    string? connectionString,
    IEnumerable<IConfigureOptions<ConfigurationOptions>> configures,
    IEnumerable<IPostConfigureOptions<ConfigurationOptions>> postConfigures,
    IEnumerable<IValidateOptions<ConfigurationOptions>> validations)
    : OptionsFactory<ConfigurationOptions>(configures, postConfigures, validations)
{
    protected override ConfigurationOptions CreateInstance(string name) => string.IsNullOrWhiteSpace(connectionString)
        ? throw ConnectionStrings.Missing(connectionName, "localhost:6379")
        : ConfigurationOptions.Parse(connectionString);
}
