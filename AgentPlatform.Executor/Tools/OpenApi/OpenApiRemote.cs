using System.Net.Http.Headers;
using Microsoft.OpenApi;

namespace AgentPlatform.Executor.Tools.OpenApi;

/// <summary>A document with a URL, as it was last read.</summary>
internal sealed class OpenApiRemote(Uri uri)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private volatile OpenApiDocument? _document;
    private EntityTagHeaderValue? _tag;
    private string? _text;

    /// <summary>Null until it could be fetched and read once. Later failures leave the last one that could.</summary>
    public OpenApiDocument? Document => _document;

    public DateTimeOffset DueAt { get; private set; } = DateTimeOffset.MinValue;

    /// <summary>In a row.</summary>
    public int Failures { get; private set; }

    /// <exception cref="OpenApiUnusableException">It cannot be had or read; the message says why.</exception>
    public async Task RefreshAsync(OpenApiFetch fetch, TimeProvider time, TimeSpan every, CancellationToken cancellationToken)
    {
        try
        {
            if (await fetch.GetAsync(uri, _tag, cancellationToken) is { } got && got.Text != _text)
            {
                _document = OpenApiText.Read(uri.GetLeftPart(UriPartial.Path), got.Text);
                (_text, _tag) = got;
            }

            Failures = 0;
            DueAt = time.GetUtcNow() + every;
        }
        catch (OpenApiUnusableException)
        {
            var pause = FirstPause * Math.Pow(2, Math.Min(Failures, 10));
            DueAt = time.GetUtcNow() + (pause < LongestPause ? pause : LongestPause);
            Failures++;
            throw;
        }
    }
}
