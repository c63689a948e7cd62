using System.Globalization;
using System.Net.Sockets;
using System.Text;
using AgentPlatform.ServiceDefaults;

namespace AgentPlatform.AppHost.Local;

/// <summary>The cache: the AppHost's <paramref name="program"/> again, in the role <see cref="GarnetRole"/>.</summary>
internal sealed class RedisServer(LocalData data, BuiltProgram program) : Resource
{
    private readonly string _password = data.Password(ResourceNames.Cache);
    private readonly byte[] _authAndPing = AuthAndPing(data.Password(ResourceNames.Cache));

    public override string Name => ResourceNames.Cache;

    public override int Port { get; } = data.Port(ResourceNames.Cache);

    public override string Address => $"127.0.0.1:{Port}";

    public override string LogFile => Path.Combine(data.Logs, $"{Name}.console.log");

    public override TimeSpan StopGrace => TimeSpan.FromSeconds(5);

    /// <summary>As StackExchange.Redis reads it.</summary>
    public string ConnectionString => $"{Address},password={_password}";

    public override Task<LaunchCommand> PrepareAsync(CancellationToken cancellationToken) =>
        Task.FromResult(program.Command(GarnetRole.Name, Port.ToString(CultureInfo.InvariantCulture), Path.Combine(data.Folder, Name)) with
        {
            Environment = new Dictionary<string, string?> { [GarnetRole.PasswordVariable] = _password, [ParentWatch.Variable] = $"{Environment.ProcessId}" },
        });

    public override async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", Port, cancellationToken);
            var stream = client.GetStream();
            await stream.WriteAsync(_authAndPing, cancellationToken);
            using var reader = new StreamReader(stream);
            return await reader.ReadLineAsync(cancellationToken) is "+OK" && await reader.ReadLineAsync(cancellationToken) is "+PONG";
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            return false;
        }
    }

    // In the protocol's array form: Garnet does not read the plain-words one.
    private static byte[] AuthAndPing(string password) =>
        Encoding.ASCII.GetBytes($"*2\r\n$4\r\nAUTH\r\n${password.Length}\r\n{password}\r\n*1\r\n$4\r\nPING\r\n");
}
