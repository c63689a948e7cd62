using System.Text;

namespace AgentPlatform.Tests.Fuzzing;

/// <summary>A request as its bytes.</summary>
/// <param name="IsWhole">It was meant as one request: there is an answer to be waited for. Otherwise the server may wait for more of it.</param>
internal sealed record FuzzRequest(string Door, byte[] Bytes, bool IsWhole)
{
    /// <summary>Whether the request line still names the version that the server speaks: to any other 505 is the answer (RFC 9110, 15.6.6).</summary>
    public bool IsHttp1 => Encoding.Latin1.GetString(Bytes).Split('\n')[0].TrimEnd('\r').EndsWith(" HTTP/1.1", StringComparison.Ordinal);

    /// <summary>The beginning, for people.</summary>
    public string Shown => Encoding.Latin1.GetString(Bytes.AsSpan(0, Math.Min(Bytes.Length, 700))).Replace("\r\n", "␤ ", StringComparison.Ordinal);
}
