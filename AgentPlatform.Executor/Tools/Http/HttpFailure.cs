using System.Net.Sockets;
using System.Security.Authentication;

namespace AgentPlatform.Executor.Tools.Http;

/// <summary>Failures of a connection, in words that tell a model enough and an attacker nothing.</summary>
internal static class HttpFailure
{
    public static bool IsOne(Exception exception) =>
        exception is HttpRequestException or SocketException or IOException or AuthenticationException;

    public static string Cause(Exception exception) => exception switch
    {
        AuthenticationException or { InnerException: AuthenticationException } => "its TLS certificate or handshake was not accepted",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => "there is no such host",
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "there is no such host",
        SocketException or { InnerException: SocketException } => "nothing answered there",
        _ => "the connection failed",
    };
}
