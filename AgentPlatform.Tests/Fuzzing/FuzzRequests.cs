using System.Globalization;
using System.Text;

namespace AgentPlatform.Tests.Fuzzing;

/// <summary>
/// Requests for a set of routes, the same for the same seed: of ten six know the route and are wrong in its terms, two have hostile headers or addresses, two are a good
/// request with bytes changed anywhere.
/// </summary>
/// <param name="headers">That prove who asks.</param>
internal sealed class FuzzRequests(IReadOnlyList<FuzzDoor> doors, int seed, params (string Name, string Value)[] headers)
{
    private static readonly string[] Ids = ["01963c5e-8b2a-7c3d-9e4f-0123456789ab", "fuzz", "default", "c1", "x"];

    private static readonly string[] HostileHeaders =
    [
        "Content-Length: 0", "Content-Length: -1", "Content-Length: 99999999999999999999", "Transfer-Encoding: chunked", "Transfer-Encoding: gzip, chunked", "Content-Encoding: gzip",
        "Content-Type: text/plain", "Content-Type: application/json; charset=utf-16", "Content-Type: a,b", "Content-Type:", "Host: a b", "Host:", "Expect: 100-continue", "Connection: keep-alive, upgrade",
        "Upgrade: h2c", "X-Forwarded-For: 1.2.3.4, evil", "X-Forwarded-Proto: javascript", "Forwarded: for=\"_x\";proto=https", "Idempotency-Key: ", "Idempotency-Key: a\u00e9", "If-Match: *", "If-Match: W/\"1\", \"x",
        "If-None-Match: \"", "Last-Event-ID: 99999999999999999999.1", "Last-Event-ID: x", "Cache-Control: only-if-cached", "Cache-Control: max-age=-1", "Cache-Control: max-age=999999999999999",
        "Accept: */*;q=2", "Accept: text/event-stream", "Accept-Language: zh;q=\u00bd", "Accept-Encoding: \u001b[31m", "Range: bytes=9-1", "traceparent: 00-x-y-z", "traceparent: 00-00000000000000000000000000000000-0000000000000000-01",
        "tracestate: \u0001=\u0002", "baggage: a=%00", "Origin: null", "Origin: https://evil.example", "Cookie: a=\u202e", "X-Timeout: NaN", "X-Strict: maybe", "X-Fault: model:slow", "Mcp-Protocol-Version: 1999-01-01",
        "Mcp-Session-Id: \u0007", "x-agent-tenant: other/tenant", "Authorization: Basic eDp5", "Authorization: Bearer a.b.c", "x-api-key: ap_0000000000000000000000000000000000000000", "User-Agent: \n", "X-Empty:",
        "Bad Name: x", ": x", "X-Folded: a\r\n b",
    ];

    private readonly Random _random = new(seed);

    public FuzzRequest Next()
    {
        var door = doors[_random.Next(doors.Count)];
        var kind = _random.Next(10);
        var body = door.Body is null ? null : kind < 8 ? BodyMutator.Mutate(door.Body(_random), _random) : Encoding.UTF8.GetBytes(door.Body(_random)?.ToJsonString() ?? "null");
        var more = kind is 6 or 7 ? Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Header()).ToList() : [];
        var bytes = Bytes(door, Target(door, isHostile: kind is 6 or 7), more, body);
        return new FuzzRequest(
            $"{door.Method} {door.Path}", kind > 7 ? ByteMutator.Mutate(bytes, _random) : bytes, IsWhole: kind < 6);
    }

    private string Header() => _random.Next(30) switch
    {
        0 => $"X-Long: {new string('x', _random.Next(40_000))}",
        1 => string.Join("\r\n", Enumerable.Range(0, _random.Next(150)).Select(number => $"X-{number}: x")),
        _ => HostileHeaders[_random.Next(HostileHeaders.Length)],
    };

    private string Target(FuzzDoor door, bool isHostile)
    {
        var path = new StringBuilder();
        foreach (var part in door.Path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            path.Append('/').Append(!part.Contains('{', StringComparison.Ordinal) ? part
                : _random.Next(3) > 0 ? Ids[_random.Next(Ids.Length)]
                : Uri.EscapeDataString(Short(Nasties.Text(_random))));
        }

        if (isHostile && _random.Next(3) == 0)
        {
            path.Append(((string[])["%", "%zz", "%ff%fe", "%00", "%0a", "%c2%85", "/", "//", "/.", "/%2e%2e", ";x", "#x", "\\", "/" + new string('x', 3_000)])[_random.Next(14)]);
        }

        var query = Enumerable.Range(0, _random.Next(3)).Select(_ => Parameter(door)).ToList();
        return query.Count == 0 ? path.ToString() : $"{path}?{string.Join('&', query)}";
    }

    private string Parameter(FuzzDoor door)
    {
        var name = door.Query.Count > 0 && _random.Next(5) > 0 ? door.Query[_random.Next(door.Query.Count)] : Uri.EscapeDataString(Short(Nasties.Text(_random)));
        return _random.Next(15) == 0 ? $"{name}=%ff%" : $"{name}={Uri.EscapeDataString(Short(_random.Next(2) == 0 ? Ids[_random.Next(Ids.Length)] : Nasties.Text(_random)))}";
    }

    private byte[] Bytes(FuzzDoor door, string target, List<string> more, byte[]? body)
    {
        var head = new StringBuilder($"{door.Method} {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json, text/event-stream\r\nConnection: close\r\n");
        foreach (var (name, value) in headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        foreach (var line in more)
        {
            head.Append(line).Append("\r\n");
        }

        if (body is not null)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n");
        }

        return [.. Encoding.UTF8.GetBytes(head.Append("\r\n").ToString()), .. body ?? []];
    }

    private static string Short(string text) => text.Length <= 300 ? text : text[..(char.IsHighSurrogate(text[299]) ? 299 : 300)];
}
