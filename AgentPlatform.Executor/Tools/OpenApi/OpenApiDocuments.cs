using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace AgentPlatform.Executor.Tools.OpenApi;

/// <summary>
/// The documents that agent files name. Files are read with the agent files, and again when they changed; documents with a URL are
/// fetched in the background (<see cref="RefreshAsync(CancellationToken)"/>), and there is nothing to be had of one until that succeeded once.
/// </summary>
internal sealed partial class OpenApiDocuments(OpenApiFetch fetch, IOptions<OpenApiOptions> options, TimeProvider time, ILogger<OpenApiDocuments> logger)
{
    private readonly ConcurrentDictionary<Uri, OpenApiRemote> _remote = new();

    /// <summary>What the last reading of the agent files saw, by path and by URL.</summary>
    private readonly ConcurrentDictionary<string, string?> _files = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Uri, OpenApiDocument?> _seen = new();

    /// <summary>Call before the agent files are read.</summary>
    public void Begin()
    {
        _files.Clear();
        _seen.Clear();
    }

    /// <summary>Whether another reading would find other documents than the last one did.</summary>
    public bool Changed() => FetchedChanged() || _files.Any(file => Digest(file.Key) != file.Value);

    /// <summary>The same for those with a URL alone, without a look at the disk.</summary>
    public bool FetchedChanged() => _seen.Any(seen => _remote.GetValueOrDefault(seen.Key)?.Document != seen.Value);

    /// <exception cref="OpenApiUnusableException">It cannot be read, or is no such document.</exception>
    public OpenApiDocument ReadFile(string path, string name)
    {
        _files[path] = Digest(path);
        try
        {
            return new FileInfo(path) is { Exists: true } file
                ? file.Length <= options.Value.MaxDocumentBytes
                    ? OpenApiText.Read(name, File.ReadAllText(path))
                    : throw new OpenApiUnusableException($"it is larger than {options.Value.MaxDocumentBytes} bytes")
                : throw new OpenApiUnusableException($"there is no file {path}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OpenApiUnusableException("it cannot be read", exception);
        }
    }

    /// <summary>Null when it could not be fetched yet.</summary>
    public OpenApiDocument? FindRemote(Uri uri) => _seen[uri] = _remote.GetOrAdd(uri, _ => new OpenApiRemote(uri)).Document;

    /// <summary>Fetches what agents name and is due.</summary>
    public Task RefreshAsync(CancellationToken cancellationToken) => Task.WhenAll(
        from pair in _remote
        where _seen.ContainsKey(pair.Key) && pair.Value.DueAt <= time.GetUtcNow()
        select RefreshAsync(pair.Key, pair.Value, cancellationToken));

    /// <summary>What an agent file asked for of a fetched document, and does not get. The document is not ours: no reason to refuse the file.</summary>
    public void Lacking(string agentFile, Uri uri, string message)
    {
        var url = Shown(uri);
        LogLacking(agentFile, url, message);
    }

    public void LeftOut(string agentFile, string document, string message) => LogLeftOut(agentFile, document, message);

    private async Task RefreshAsync(Uri uri, OpenApiRemote remote, CancellationToken cancellationToken)
    {
        var shown = Shown(uri);
        try
        {
            var failed = remote.Failures > 0;
            await remote.RefreshAsync(fetch, time, options.Value.RefreshEvery, cancellationToken);
            if (failed)
            {
                LogBack(shown);
            }
        }
        catch (OpenApiUnusableException exception) when (remote.Failures == 1)
        {
            LogAway(shown, exception.Message, remote.Document is null ? "its tools are absent" : "the last one read stays in use");
        }
        catch (OpenApiUnusableException)
        {
            // Said once.
        }
    }

    private string? Digest(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return stream.Length <= options.Value.MaxDocumentBytes ? Convert.ToHexString(SHA256.HashData(stream)) : "large";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Without the query, where a key might be.</summary>
    private static string Shown(Uri uri) => uri.GetLeftPart(UriPartial.Path);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The OpenAPI document {Url} cannot be had: {Reason}; {Consequence}. Trying again")]
    private partial void LogAway(string url, string reason, string consequence);

    [LoggerMessage(Level = LogLevel.Information, Message = "The OpenAPI document {Url} can be had again")]
    private partial void LogBack(string url);

    [LoggerMessage(Level = LogLevel.Error, Message = "{AgentFile}: the OpenAPI document {Url}: {Reason}")]
    private partial void LogLacking(string agentFile, string url, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{AgentFile}: of the OpenAPI document {Document} no tool is made of {Reason}")]
    private partial void LogLeftOut(string agentFile, string document, string reason);
}
