using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Unicode;
using AgentPlatform.Api.Input;
using AgentPlatform.Api.Problems;

namespace AgentPlatform.Api.OpenAI;

/// <summary>The body of a request as JSON, and its hash: bodies here are too free in form for a type, so each route reads its members by name.</summary>
/// <param name="Root">An object, without members that appear twice.</param>
/// <param name="Sha256">Of the bytes.</param>
internal sealed record OpenAIBody(JsonElement Root, byte[] Sha256)
{
    /// <summary>Schemas of tools are nested deeper than anything else; they stand some levels deeper in the journal, which ends at 64.</summary>
    private const int MaxDepth = 48;

    public static async ValueTask<OrProblem<OpenAIBody>> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (JsonBody.RefusedHeaders(request, JsonBody.MaxBytes) is { } refused)
        {
            return refused;
        }

        var body = await JsonBody.ReadBytesAsync(request, JsonBody.MaxBytes, cancellationToken);
        try
        {
            return body.Length > JsonBody.MaxBytes ? JsonBody.TooLarge(JsonBody.MaxBytes) : Parse(body.ToArray());
        }
        finally
        {
            request.BodyReader.AdvanceTo(body.End);
        }
    }

    private static OrProblem<OpenAIBody> Parse(byte[] bytes)
    {
        if (!Utf8.IsValid(bytes))
        {
            return Problem.Invalid("body", "The body is not valid UTF-8. Encode the text as UTF-8 before sending it.");
        }

        if (BodyDiagnosis.SyntaxError(bytes, MaxDepth) is { } mistake)
        {
            return Problem.Invalid("body", mistake);
        }

        if (UnstorableText(bytes) is { } unstorable)
        {
            return Problem.Invalid("body", unstorable);
        }

        try
        {
            var root = JsonElement.Parse(bytes, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
            return root.ValueKind == JsonValueKind.Object
                ? new OpenAIBody(root, SHA256.HashData(bytes))
                : Problem.Invalid("body", "The body must be a JSON object.");
        }
        catch (JsonException)
        {
            return Problem.Invalid("body", "A member of the body appears more than once. Send each once.");
        }
    }

    /// <summary>Neither the journal nor a model can hold U+0000 or half of a surrogate pair, wherever it stands.</summary>
    private static string? UnstorableText(ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = MaxDepth });
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.String))
            {
                continue;
            }

            try
            {
                if (reader.GetString()!.Contains('\0'))
                {
                    return "The body holds the character U+0000. Remove it.";
                }
            }
            catch (InvalidOperationException)
            {
                return "The body holds half of a surrogate pair, which is not a character. Escape characters beyond U+FFFF as a pair.";
            }
        }

        return null;
    }
}
