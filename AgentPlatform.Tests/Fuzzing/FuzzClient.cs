using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace AgentPlatform.Tests.Fuzzing;

/// <summary>Sends bytes over a connection of their own and reads until the server ends it.</summary>
internal sealed class FuzzClient(Uri address, TimeProvider time)
{
    /// <summary>A run of two seconds, the ladder after it, and a machine that has other things to do.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    /// <summary>After which the server is told that of half a request no more will come.</summary>
    private static readonly TimeSpan HalfPatience = TimeSpan.FromMilliseconds(250);

    private const int LongestAnswer = 4 * 1024 * 1024;

    public async Task<FuzzAnswer> SendAsync(FuzzRequest request, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        using var deadline = new CancellationTokenSource(Deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var received = new MemoryStream();
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, either.Token);
            await SendAllAsync(socket, request.Bytes, either.Token);
            await ReadAsync(socket, request.IsWhole, received, either.Token);
        }
        catch (SocketException)
        {
            // Refused in the middle of it; what was said before counts.
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return Answer(received, time.GetElapsedTime(started)) with { IsLate = true };
        }

        return Answer(received, time.GetElapsedTime(started));
    }

    private static async Task SendAllAsync(Socket socket, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await socket.SendAsync(bytes, cancellationToken)..];
        }
    }

    private async Task ReadAsync(Socket socket, bool isWhole, MemoryStream received, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        while (received.Length < LongestAnswer)
        {
            var reading = socket.ReceiveAsync(buffer, cancellationToken).AsTask();
            if (!isWhole && await Task.WhenAny(reading, Task.Delay(HalfPatience, time, cancellationToken)) != reading)
            {
                socket.Shutdown(SocketShutdown.Send);
                isWhole = true;
            }

            var read = await reading;
            if (read == 0)
            {
                return;
            }

            received.Write(buffer, 0, read);
        }
    }

    private static FuzzAnswer Answer(MemoryStream received, TimeSpan took)
    {
        var text = Encoding.UTF8.GetString(received.GetBuffer(), 0, (int)received.Length);
        var body = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        int? status = text.StartsWith("HTTP/1.1 ", StringComparison.Ordinal) && text.Length > 12 ? int.Parse(text.AsSpan(9, 3), NumberStyles.None, CultureInfo.InvariantCulture) : null;
        return new FuzzAnswer(status, body < 0 ? "" : Unchunked(text[(body + 4)..], text[..body]), took);
    }

    /// <summary>Small problems come as one chunk; longer answers are not looked into.</summary>
    private static string Unchunked(string body, string head)
    {
        if (!head.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase))
        {
            return body;
        }

        var first = body.IndexOf("\r\n", StringComparison.Ordinal);
        var last = body.LastIndexOf("\r\n0\r\n", StringComparison.Ordinal);
        return first >= 0 && last > first ? body[(first + 2)..last] : body;
    }
}
