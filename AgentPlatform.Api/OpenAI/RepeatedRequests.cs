using System.Security.Cryptography;
using System.Text;
using AgentPlatform.Api.Agent;
using AgentPlatform.Api.ExecutorClient;

namespace AgentPlatform.Api.OpenAI;

/// <summary>
/// Official clients repeat a request by themselves when no answer comes, and send no key by which the two could be known as one. They do say that it is a repetition
/// (<c>x-stainless-retry-count</c>): only then the run that the same caller began with the same body, a short while ago, is joined. Who asks the same twice without
/// saying so wants two answers.
/// </summary>
internal sealed class RepeatedRequests(ExecutorQueries executor, TimeProvider timeProvider)
{
    private const string RetryCount = "x-stainless-retry-count";

    /// <summary>The question under the id of its run: a new one, or that of the request it repeats.</summary>
    public async Task<AgentQuestion> IdentifyAsync(AgentQuestion question, HttpRequest request, byte[] bodyHash, CancellationToken cancellationToken)
    {
        var hash = HashOf(request, bodyHash);
        var own = question with { RunId = Guid.CreateVersion7(timeProvider.GetUtcNow()), RequestHash = hash };
        if (!int.TryParse(request.Headers[RetryCount], out var count) || count < 1)
        {
            return own;
        }

        // When nobody can say, the question is asked as if it were new: the client could do no better.
        var repeated = await executor.RepeatedAsync(question.TenantId, hash, cancellationToken);
        return repeated.Value?.RunId is { } runId ? own with { RunId = runId, MayExist = true } : own;
    }

    /// <summary>Of who asks, for what, and how. What proves the caller is hashed with the rest and goes nowhere.</summary>
    private static string HashOf(HttpRequest request, byte[] bodyHash)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in (string[])[request.Path.Value ?? "", request.Headers.Authorization.ToString(), request.Headers["x-api-key"].ToString()])
        {
            hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(part)));
        }

        hash.AppendData(bodyHash);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
