using System.Text;

namespace AgentPlatform.Benchmarks.Flood;

/// <summary>What an attacker sends on each of many connections: something to begin with, then the same piece again and again.</summary>
/// <param name="Piece">Empty: nothing more is sent, and all that comes is read.</param>
/// <param name="Every">Zero: as fast as the server takes it.</param>
internal sealed record Attack(string Name, bool IsSlow, byte[] Opening, byte[] Piece, TimeSpan Every)
{
    private const int PieceBytes = 64 * 1024;

    private static readonly TimeSpan NowAndThen = TimeSpan.FromSeconds(1);

    /// <param name="key">Of a tenant who attacks; headers come from strangers.</param>
    /// <param name="run">One that waits for a person.</param>
    public static IReadOnlyList<Attack> All(string key, string run) =>
    [
        Slow("slow headers", "GET /ready HTTP/1.1\r\nHost: api\r\nX-Slow: ", "a"),
        Slow("slow bodies of strangers", Post("Content-Length: 1000000"), " "),
        Slow("slow bodies of a tenant", Post($"Content-Length: 1000000\r\nAuthorization: Bearer {key}"), " "),
        Slow("idle streams", $"GET /runs/{run}/events HTTP/1.1\r\nHost: api\r\nAuthorization: Bearer {key}\r\n\r\n", ""),
        Fast("bodies of 1 GB, declared", Post($"Content-Length: 1073741824\r\nAuthorization: Bearer {key}"), new string(' ', PieceBytes)),
        Fast("bodies of 8 MB, declared", Post($"Content-Length: 8000000\r\nAuthorization: Bearer {key}"), new string(' ', PieceBytes)),
        Fast("bodies without end, chunked", Post($"Transfer-Encoding: chunked\r\nAuthorization: Bearer {key}"), $"{PieceBytes:x}\r\n{new string(' ', PieceBytes)}\r\n"),
        Fast("headers without number", "GET /ready HTTP/1.1\r\nHost: api\r\n", string.Concat(Enumerable.Repeat("X-Many: 1\r\n", 1000))),
        Fast("a header without end", "GET /ready HTTP/1.1\r\nHost: api\r\nX-Large: ", new string('a', PieceBytes)),
    ];

    private static string Post(string headers) => $"POST /agent HTTP/1.1\r\nHost: api\r\nContent-Type: application/json\r\n{headers}\r\n\r\n";

    private static Attack Slow(string name, string opening, string piece) =>
        new(name, IsSlow: true, Encoding.ASCII.GetBytes(opening), Encoding.ASCII.GetBytes(piece), NowAndThen);

    private static Attack Fast(string name, string opening, string piece) =>
        new(name, IsSlow: false, Encoding.ASCII.GetBytes(opening), Encoding.ASCII.GetBytes(piece), TimeSpan.Zero);
}
