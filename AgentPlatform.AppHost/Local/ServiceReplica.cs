namespace AgentPlatform.AppHost.Local;

/// <summary>One process of a service: an executor or an API.</summary>
/// <param name="service">Name for service discovery and telemetry.</param>
/// <param name="number">Counts from 1.</param>
/// <param name="references">Connection strings and addresses of what it uses, as environment variables.</param>
internal sealed class ServiceReplica(
    string service, int number, int port, string host, BuiltProgram program, LocalData data, IReadOnlyDictionary<string, string?> references) : Resource
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(2) };

    public override string Name => $"{service}-{number}";

    public override int Port => port;

    public override string Address => $"http://{host}:{port}";

    public override string LogFile => Path.Combine(data.Logs, $"{Name}.jsonl");

    public override bool PrintsForPeople => true;

    // Longer than the 20 s in which an executor lets its runs finish.
    public override TimeSpan StopGrace => TimeSpan.FromSeconds(25);

    public override Task<LaunchCommand> PrepareAsync(CancellationToken cancellationToken) =>
        Task.FromResult(program.Command() with
        {
            WorkingDirectory = program.ContentFolder,
            Environment = ServiceEnvironment.For(this, service, references, Environment.GetEnvironmentVariable),
        });

    public override async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await Http.GetAsync(new Uri($"{Address}/ready"), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
