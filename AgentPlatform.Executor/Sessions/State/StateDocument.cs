using System.Buffers;
using System.Globalization;
using System.Text.Json;
using AgentPlatform.Executor.Problems;

namespace AgentPlatform.Executor.Sessions.State;

/// <summary>The body of a put: any JSON document within bounds. Parameter of a handler, read before its deadline starts.</summary>
/// <param name="Json">The document; null when there is a problem.</param>
internal sealed record StateDocument(string? Json, ExecutorProblem? Problem)
{
    public const int MaxBytes = 256 * 1024;
    private const int MaxDepth = 64;

    /// <summary>
    /// jsonb keeps numbers exactly and writes them without exponent: a few characters with a huge exponent would come back
    /// as many thousands. Up to the range of a double they are taken.
    /// </summary>
    private const int MaxExponent = 308;

    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    public static async ValueTask<StateDocument> BindAsync(HttpContext httpContext)
    {
        var request = httpContext.Request;
        if (!request.HasJsonContentType())
        {
            return new StateDocument(null, ExecutorProblems.UnsupportedMediaType());
        }

        var body = await ReadAsync(request.Body, httpContext.RequestAborted);
        return body is null
            ? new StateDocument(null, ExecutorProblems.BodyTooLarge(MaxBytes))
            : Parse(body.Value);
    }

    private static StateDocument Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Reading);
            return HasHugeNumber(document.RootElement)
                ? Refused($"A number's exponent must be between -{MaxExponent} and {MaxExponent}.")
                : new StateDocument(document.RootElement.GetRawText(), null);
        }
        catch (JsonException)
        {
            return Refused($"The state must be one JSON document, at most {MaxDepth} levels deep, without a member twice.");
        }
    }

    private static StateDocument Refused(string detail) => new(null, ExecutorProblems.Invalid("body", detail));

    private static bool HasHugeNumber(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Any(member => HasHugeNumber(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().Any(HasHugeNumber),
        JsonValueKind.Number => HasHugeExponent(element.GetRawText()),
        _ => false,
    };

    private static bool HasHugeExponent(ReadOnlySpan<char> number)
    {
        var mark = number.IndexOfAny('e', 'E');
        return mark >= 0
            && !(int.TryParse(number[(mark + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var exponent)
                && exponent is >= -MaxExponent and <= MaxExponent);
    }

    /// <summary>The whole body, or null as soon as it is longer than allowed.</summary>
    private static async Task<ReadOnlyMemory<byte>?> ReadAsync(Stream body, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>();
        while (true)
        {
            var read = await body.ReadAsync(buffer.GetMemory(16 * 1024), cancellationToken);
            if (read == 0)
            {
                return buffer.WrittenMemory;
            }

            buffer.Advance(read);
            if (buffer.WrittenCount > MaxBytes)
            {
                return null;
            }
        }
    }
}
