using AgentPlatform.ServiceDefaults;

namespace AgentPlatform.AppHost.Local;

/// <summary>
/// The whole platform as child processes, for a machine without a container runtime.
/// <list type="number">
/// <item>Take the data folder, find PostgreSQL, check the port: whatever is missing is said once, with its remedy.</item>
/// <item>Stores, then executors, then APIs; each waits until those before it are ready, and is kept alive from then on.</item>
/// <item>On Ctrl-C the same order backwards.</item>
/// </list>
/// </summary>
internal static class LocalStack
{
    /// <summary>By which executors know the API.</summary>
    private const string InternalKey = "Internal__Key";

    /// <summary>Runs until asked to stop. Exit code 0 after a stop in good order, 1 when the stack could not start.</summary>
    public static async Task<int> RunAsync(AppHostOptions options, string? reason)
    {
        var console = new StackConsole();
        if (reason is not null)
        {
            console.Info(reason);
        }

        using var data = LocalData.Open(options.DataFolder, out var folder);
        if (data is null)
        {
            console.Error($"Another AppHost already runs on {folder}. Stop it, or give this one a folder of its own with --data DIR.");
            return 1;
        }

        if (PostgresBinaries.Find() is not { } binaries)
        {
            console.Error(PostgresBinaries.Remedies);
            return 1;
        }

        if (!Ports.IsFree(options.Port))
        {
            console.Error($"Port {options.Port} is in use by another program. Choose another one with --port P.");
            return 1;
        }

        using var signals = new StopSignals();
        using var launcher = new LaunchThread();
        var board = new ResourceBoard(data.ProcessesFile);
        var layers = Layers(options, data, binaries, launcher)
            .Select(layer => layer.Select(resource => new Supervisor(resource, launcher, board, console, TimeProvider.System)).ToList())
            .ToList();
        try
        {
            await StartAsync(layers, signals.Stop);
            console.Table(board.Rows);
            console.Info($"Logs: {data.Logs}");
            Welcome.Print(layers[^1][0].Resource.Address);
            await Task.Delay(Timeout.Infinite, signals.Stop);
            return 0;
        }
        catch (StartFailedException exception)
        {
            console.Error(exception.Message);
            return 1;
        }
        catch (OperationCanceledException) when (signals.Stop.IsCancellationRequested)
        {
            return 0;
        }
        finally
        {
            console.Info("Stopping (Ctrl-C again: at once).");
            await StopAsync(layers, signals.Kill);
        }
    }

    /// <summary>The architecture, in dependency order.</summary>
    private static Resource[][] Layers(AppHostOptions options, LocalData data, PostgresBinaries binaries, LaunchThread launcher)
    {
        var postgres = new PostgresServer(binaries, data, launcher);
        var cache = new RedisServer(data, BuiltProgram.AppHost);

        var internalKey = Environment.GetEnvironmentVariable(InternalKey) is { Length: > 0 } stated ? stated : data.Password("internal");
        var executorReferences = new Dictionary<string, string?>
        {
            [InternalKey] = internalKey,
            [$"ConnectionStrings__{ResourceNames.Cache}"] = cache.ConnectionString,
            [$"ConnectionStrings__{ResourceNames.Database}"] = postgres.ConnectionString,
        };
        var executorProgram = BuiltProgram.Service("AgentPlatform.Executor");
        var executors = Replicas(options.Executors, number => new ServiceReplica(
            ResourceNames.Executor, number, data.Port($"{ResourceNames.Executor}-{number}"), "127.0.0.1", executorProgram, data, executorReferences));

        var apiReferences = new Dictionary<string, string?>
        {
            [InternalKey] = internalKey,
            [$"ConnectionStrings__{ResourceNames.Cache}"] = cache.ConnectionString,
        };
        foreach (var (index, executor) in executors.Index())
        {
            apiReferences[$"services__{ResourceNames.Executor}__http__{index}"] = executor.Address;
        }

        var apiProgram = BuiltProgram.Service("AgentPlatform.Api");
        var apis = Replicas(options.Apis, number => new ServiceReplica(
            ResourceNames.Api, number, number == 1 ? options.Port : data.Port($"{ResourceNames.Api}-{number}"), "localhost", apiProgram, data, apiReferences));

        return [[postgres, cache], executors, apis];
    }

    private static Resource[] Replicas(int count, Func<int, Resource> create) => [.. Enumerable.Range(1, count).Select(create)];

    private static async Task StartAsync(IReadOnlyList<IReadOnlyList<Supervisor>> layers, CancellationToken cancellationToken)
    {
        foreach (var supervisor in layers.SelectMany(layer => layer))
        {
            supervisor.ShowWaiting();
        }

        foreach (var layer in layers)
        {
            await Task.WhenAll(layer.Select(supervisor => supervisor.StartAsync(cancellationToken)));
        }
    }

    private static async Task StopAsync(IReadOnlyList<IReadOnlyList<Supervisor>> layers, CancellationToken kill)
    {
        // Redis before Postgres makes no difference to either, so the stores end together.
        foreach (var layer in layers.Reverse())
        {
            await Task.WhenAll(layer.Select(supervisor => supervisor.StopAsync(kill)));
            foreach (var supervisor in layer)
            {
                supervisor.Dispose();
            }
        }
    }
}
