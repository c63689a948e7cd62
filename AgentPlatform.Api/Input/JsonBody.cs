using System.Buffers;
using System.Net.Mime;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AgentPlatform.Api.Problems;
using AgentPlatform.Core.Wire;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace AgentPlatform.Api.Input;

/// <summary>
/// Reads a JSON body. A good one is parsed straight from the pipe; only when that fails a second pass over the same bytes
/// finds out which member is wrong and why (<see cref="BodyDiagnosis"/>).
/// </summary>
internal static class JsonBody
{
    public const int MaxBytes = 1024 * 1024;
    public const int MaxDepth = 16;

    /// <summary>A refused body is read to its end up to here: a caller still sending would see a broken connection instead of the refusal.</summary>
    private const long DrainedBytes = 8 * MaxBytes;

    /// <summary>The same where nobody said how long it is.</summary>
    private const long DrainedUndeclaredBytes = 3 * MaxBytes;

    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = MaxDepth };

    public static async ValueTask<OrProblem<T>> ReadAsync<T>(HttpRequest request, BodyShape shape, CancellationToken cancellationToken)
        where T : class, new()
    {
        var missing = shape.Optional && request.ContentType is null && request.ContentLength is null or 0;
        if (!missing && RefusedHeaders(request, MaxBytes) is { } refused)
        {
            return refused;
        }

        var body = await ReadBytesAsync(request, MaxBytes, cancellationToken);
        try
        {
            if (body.Length > MaxBytes)
            {
                return TooLarge(MaxBytes);
            }

            if (body.IsEmpty && shape.Optional)
            {
                return new T();
            }

            return TryParse<T>(body) is { } value ? value : BodyDiagnosis.Explain(body, shape);
        }
        finally
        {
            request.BodyReader.AdvanceTo(body.End);
        }
    }

    /// <summary>The problem of a body that need not even be read; null when it may be.</summary>
    public static ProblemHttpResult? RefusedHeaders(HttpRequest request, int maxBytes)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = request.ContentLength is null ? DrainedUndeclaredBytes : DrainedBytes;
        }

        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase)
            || !(type.Charset.Length == 0 || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) || type.Charset.Equals("\"utf-8\"", StringComparison.OrdinalIgnoreCase)))
        {
            return Problem.Result(
                StatusCodes.Status415UnsupportedMediaType,
                ProblemCodes.UnsupportedMediaType,
                "The body must be JSON in UTF-8. Send it with the header 'Content-Type: application/json'.",
                "Content-Type");
        }

        return request.ContentLength > maxBytes ? TooLarge(maxBytes) : null;
    }

    public static ProblemHttpResult TooLarge(int maxBytes) => Problem.Result(
        StatusCodes.Status413PayloadTooLarge,
        ProblemCodes.BodyTooLarge,
        $"The body is larger than {maxBytes / 1024} KiB. Send a shorter one.",
        "body");

    /// <summary>
    /// All of the body, without the byte order mark some editors put in front; more than <paramref name="maxBytes"/> when it is
    /// too large. The caller advances the reader to its end.
    /// </summary>
    public static async ValueTask<ReadOnlySequence<byte>> ReadBytesAsync(
        HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        var read = await request.BodyReader.ReadAtLeastAsync(Math.Min(BodyPace.Slice, maxBytes + 1), cancellationToken);
        for (var had = 0L; !read.IsCompleted && read.Buffer.Length <= maxBytes;)
        {
            var (more, next) = (read.Buffer.Length - had, (int)Math.Min(read.Buffer.Length + BodyPace.Slice, maxBytes + 1));
            had = read.Buffer.Length;
            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            await request.HttpContext.RequestServices.GetRequiredService<BodyPace>().NextAsync(more, cancellationToken);
            read = await request.BodyReader.ReadAtLeastAsync(next, cancellationToken);
        }

        var reader = new SequenceReader<byte>(read.Buffer);
        return reader.IsNext([0xEF, 0xBB, 0xBF], advancePast: true) ? reader.UnreadSequence : read.Buffer;
    }

    private static T? TryParse<T>(ReadOnlySequence<byte> body)
        where T : class
    {
        try
        {
            var reader = new Utf8JsonReader(body, ReaderOptions);
            var value = JsonSerializer.Deserialize(ref reader, (JsonTypeInfo<T>)PublicJson.Options.GetTypeInfo(typeof(T)));
            // Reading on refuses anything behind the value.
            return reader.Read() ? null : value;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
