using Microsoft.AspNetCore.Http;

namespace AgentPlatform.ServiceDefaults.Input;

/// <summary>Exceptions by which the server says that a request breaks HTTP, while its body is read.</summary>
public static class BrokenRequest
{
    /// <returns>The status of the answer; null for any other exception.</returns>
    public static int? StatusOf(Exception exception) => exception switch
    {
        BadHttpRequestException refused => refused.StatusCode,
        // Kestrel has no status of its own for the size of a chunk that no number holds.
        IOException { InnerException: OverflowException } => StatusCodes.Status400BadRequest,
        _ => null,
    };
}
