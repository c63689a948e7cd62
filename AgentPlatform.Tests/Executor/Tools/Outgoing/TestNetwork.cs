using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using AgentPlatform.Executor.Tools.Outgoing;

namespace AgentPlatform.Tests.Executor.Tools.Outgoing;

/// <summary>
/// An internet of one machine: names stand for what a test says, look-up by look-up, and public addresses lead to a port
/// of loopback. Every other connection is made as the real network makes it, and every attempt is kept.
/// </summary>
internal sealed class TestNetwork
{
    public const string PublicAddress = "93.184.215.14";

    private readonly ConcurrentDictionary<string, Queue<IPAddress[]>> _names = new(StringComparer.OrdinalIgnoreCase);

    public TestNetwork() => Network = new OutgoingNetwork(ResolveAsync, ConnectAsync);

    public OutgoingNetwork Network { get; }

    public OutgoingHttp Http => new(Network);

    /// <summary>Where public addresses lead.</summary>
    public int PublicPort { get; set; }

    public ConcurrentQueue<IPEndPoint> Attempts { get; } = new();

    public ConcurrentQueue<string> Lookups { get; } = new();

    /// <param name="answers">Of each look-up in turn, the last one for ever; several addresses of one are parted by blanks.</param>
    public TestNetwork Name(string name, params string[] answers)
    {
        _names[name] = new Queue<IPAddress[]>(answers.Select(answer => answer.Split(' ').Select(IPAddress.Parse).ToArray()));
        return this;
    }

    private Task<IPAddress[]> ResolveAsync(string name, CancellationToken cancellationToken)
    {
        Lookups.Enqueue(name);
        if (!_names.TryGetValue(name, out var answers))
        {
            throw new SocketException((int)SocketError.HostNotFound);
        }

        lock (answers)
        {
            return Task.FromResult(answers.Count > 1 ? answers.Dequeue() : answers.Peek());
        }
    }

    private ValueTask<Stream> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        Attempts.Enqueue(endpoint);
        var real = endpoint.Address.Equals(IPAddress.Parse(PublicAddress)) ? new IPEndPoint(IPAddress.Loopback, PublicPort) : endpoint;
        return IPAddress.IsLoopback(real.Address)
            ? OutgoingNetwork.System.Connect(real, cancellationToken)
            : throw new SocketException((int)SocketError.NetworkUnreachable);
    }
}
