using AgentPlatform.Core.Identity;
using AgentPlatform.Core.Wire;
using AgentPlatform.Executor.Audit;
using AgentPlatform.Executor.Storage;
using AgentPlatform.ServiceDefaults;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AgentPlatform.Executor.Keys;

/// <summary>
/// <c>keys create | list | revoke</c> at the command line of the executor: how the first key of a tenant comes to be, by somebody who holds the database's
/// connection string. It talks to Postgres alone and starts nothing else.
/// </summary>
internal static class KeyCommand
{
    public const string Name = "keys";

    /// <summary>Who it was, as it is audited.</summary>
    private const string Actor = "command";

    private const string Usage =
        """
        keys create --tenant TENANT --name NAME --scopes run,read,approve,admin [--days DAYS]   prints the key, this once
        keys list --tenant TENANT
        keys revoke --tenant TENANT --id KEY_ID
        The database is the one of ConnectionStrings__agentdb.
        """;

    /// <returns>The exit code: 0 done, 1 refused.</returns>
    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        var verb = arguments.ElementAtOrDefault(1);
        var options = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(arguments.Skip(2).ToArray()).Build();
        var connectionString = options.GetConnectionString(ResourceNames.Database);
        if (verb is not ("create" or "list" or "revoke") || string.IsNullOrWhiteSpace(connectionString))
        {
            await errors.WriteLineAsync(Usage);
            return 1;
        }

        var tenant = options["tenant"];
        if (!TenantNames.IsValid(tenant))
        {
            await errors.WriteLineAsync($"--tenant must have {TenantNames.Rule}.");
            return 1;
        }

        await using var connections = new ApplicationDataSource(connectionString, new StorageOptions());
        var keys = new ApiKeys(connections, TimeProvider.System);
        var trail = new AuditTrail(connections, TimeProvider.System, NullLogger<AuditTrail>.Instance);
        try
        {
            return verb switch
            {
                "create" => await CreateAsync(keys, trail, tenant!, options, output, errors, cancellationToken),
                "list" => await ListAsync(keys, tenant!, output, cancellationToken),
                _ => await RevokeAsync(keys, trail, tenant!, options, output, errors, cancellationToken),
            };
        }
        catch (PostgresException exception) when (exception.SqlState
            is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidParameterValue or PostgresErrorCodes.InsufficientPrivilege)
        {
            await errors.WriteLineAsync("The database has no table of keys yet, or this user may not use it: start an executor once with this user, it makes the tables and the roles.");
            return 1;
        }
        catch (NpgsqlException exception)
        {
            await errors.WriteLineAsync($"The database cannot be used: {exception.Message}");
            return 1;
        }
    }

    private static async Task<int> CreateAsync(
        ApiKeys keys, AuditTrail trail, string tenant, IConfiguration options, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        DateTimeOffset? expires = null;
        if (options["days"] is { } text)
        {
            if (!int.TryParse(text, out var days) || days is < 1 or > 36_500)
            {
                await errors.WriteLineAsync("--days must be a whole number from 1 to 36500.");
                return 1;
            }

            expires = now.AddDays(days);
        }

        var scopes = options["scopes"]?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        var key = new NewApiKey(options["name"] ?? "", scopes, expires);
        if (ApiKeyRules.Broken(key, now) is { } broken)
        {
            await errors.WriteLineAsync(broken.Detail);
            return 1;
        }

        if (await keys.CreateAsync(tenant, key, cancellationToken) is not { } made)
        {
            await errors.WriteLineAsync($"The tenant has {ApiKeys.MostInUse} keys in use, and may not have more: revoke some first.");
            return 1;
        }

        await trail.RecordAsync(tenant, Actor, AuditActions.KeyCreated, made.Details.Id.ToString());
        await output.WriteLineAsync(made.Key);
        return 0;
    }

    private static async Task<int> ListAsync(ApiKeys keys, string tenant, TextWriter output, CancellationToken cancellationToken)
    {
        foreach (var key in await keys.ListAsync(tenant, cancellationToken))
        {
            var state = key.RevokedAt is { } revoked ? $"revoked {revoked:u}" : key.ExpiresAt is { } expires ? $"until {expires:u}" : "in use";
            await output.WriteLineAsync($"{key.Id}  {key.Shown}…  {string.Join(',', key.Scopes)}  {state}  {key.Name}");
        }

        return 0;
    }

    private static async Task<int> RevokeAsync(
        ApiKeys keys, AuditTrail trail, string tenant, IConfiguration options, TextWriter output, TextWriter errors, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(options["id"], out var id) || await keys.RevokeAsync(tenant, id, cancellationToken) is not { } revoked)
        {
            await errors.WriteLineAsync("--id must be the id of one of the tenant's keys; 'keys list' shows them.");
            return 1;
        }

        await trail.RecordAsync(tenant, Actor, AuditActions.KeyRevoked, revoked.Id.ToString());
        await output.WriteLineAsync($"{revoked.Id} is revoked; every API refuses it within 30 seconds.");
        return 0;
    }
}
