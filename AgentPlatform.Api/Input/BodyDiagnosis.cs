using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using AgentPlatform.Api.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AgentPlatform.Api.Input;

/// <summary>
/// Finds out why a body was refused, in the order in which a person would want to know:
/// 1. is there anything, 2. is it UTF-8, 3. is it JSON, 4. is it an object, 5. which member is unknown, double, or of the wrong
/// kind, 6. which is missing.
/// </summary>
internal static class BodyDiagnosis
{
    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = JsonBody.MaxDepth };

    public static ProblemHttpResult Explain(ReadOnlySequence<byte> body, BodyShape shape)
    {
        byte[] bytes = body.ToArray();
        // 1.
        if (bytes.AsSpan().Trim(" \t\r\n"u8).IsEmpty)
        {
            return Problem.Invalid("body", $"The body is empty. Send a JSON object such as {shape.Example}.");
        }

        // 2.
        if (!Utf8.IsValid(bytes))
        {
            return Problem.Invalid("body", "The body is not valid UTF-8. Encode the text as UTF-8 before sending it.");
        }

        // 3.
        if (SyntaxError(bytes) is { } syntaxError)
        {
            return Problem.Invalid("body", syntaxError);
        }

        // 4.–6.
        return MemberError(bytes, shape) ?? Problem.Invalid("body", $"The body could not be read. Send a JSON object such as {shape.Example}.");
    }

    /// <summary>A sentence about the first place where the bytes stop being JSON; null when they are JSON to the end.</summary>
    public static string? SyntaxError(ReadOnlySpan<byte> bytes, int maxDepth = JsonBody.MaxDepth)
    {
        if (FirstFailure(bytes, maxDepth) is not { } failure)
        {
            return null;
        }

        // What a reader without the bound would have read further was too deep, not wrong.
        return FirstFailure(bytes, int.MaxValue) != failure
            ? $"The body is nested deeper than {maxDepth} levels. Make it flatter."
            : $"The body is not valid JSON from line {failure.Line + 1}, byte {failure.Byte + 1} on. Check the commas, quotes and brackets there.";
    }

    private static (long Line, long Byte)? FirstFailure(ReadOnlySpan<byte> bytes, int maxDepth)
    {
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = maxDepth });
        try
        {
            while (reader.Read())
            {
            }

            return null;
        }
        catch (JsonException failure)
        {
            return (failure.LineNumber ?? 0, failure.BytePositionInLine ?? 0);
        }
    }

    private static ProblemHttpResult? MemberError(byte[] bytes, BodyShape shape)
    {
        var reader = new Utf8JsonReader(bytes, ReaderOptions);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return Problem.Invalid("body", $"The body must be a JSON object such as {shape.Example}, not {Words.For(reader.TokenType)}.");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (Text(ref reader) is not { } name)
            {
                return Problem.Invalid("body", "The name of a member holds half of a surrogate pair. Escape characters beyond U+FFFF as a pair.");
            }

            if (shape.Fields.FirstOrDefault(field => field.Name == name) is not { } field)
            {
                return Problem.Invalid(Words.Short(name), UnknownField(name, shape));
            }

            if (!seen.Add(name))
            {
                return Problem.Invalid(name, $"'{name}' appears more than once. Send it once.");
            }

            reader.Read();
            if (ValueError(ref reader, field) is { } error)
            {
                return Problem.Invalid(name, error);
            }
        }

        return shape.Fields.FirstOrDefault(field => field.Required && !seen.Contains(field.Name)) is { } absent
            ? Problem.Invalid(absent.Name, $"'{absent.Name}' is missing. Send a JSON object such as {shape.Example}.")
            : null;
    }

    private static string? ValueError(ref Utf8JsonReader reader, BodyField field)
    {
        var found = reader.TokenType;
        if (found == JsonTokenType.Null)
        {
            return field.Required ? $"'{field.Name}' must not be null." : null;
        }

        switch (field.Kind)
        {
            case BodyFieldKind.Text when found == JsonTokenType.String:
                return Text(ref reader) is null ? HalfPair(field.Name) : null;
            case BodyFieldKind.Number when found == JsonTokenType.Number:
            case BodyFieldKind.Boolean when found is JsonTokenType.True or JsonTokenType.False:
                return null;
            case BodyFieldKind.Labels when found == JsonTokenType.StartObject:
                return LabelsError(ref reader, field.Name);
            default:
                return $"'{field.Name}' must be {Words.For(field.Kind)}, not {Words.For(found)}.";
        }
    }

    private static string? LabelsError(ref Utf8JsonReader reader, string name)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (Text(ref reader) is not { } key)
            {
                return HalfPair(name);
            }

            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
            {
                return $"'{name}.{Words.Short(key)}' must be a text, not {Words.For(reader.TokenType)}. Labels are texts only.";
            }

            if (!seen.Add(key))
            {
                return $"'{name}.{Words.Short(key)}' appears more than once. Send it once.";
            }

            if (Text(ref reader) is null)
            {
                return HalfPair(name);
            }
        }

        return null;
    }

    private static string UnknownField(string name, BodyShape shape)
    {
        var known = shape.Fields.Select(field => field.Name).ToList();
        return NearestName.To(name, known) is { } nearest
            ? $"'{Words.Short(name)}' is not known here. Did you mean '{nearest}'?"
            : $"'{Words.Short(name)}' is not known here. Known are {string.Join(", ", known)}.";
    }

    private static string HalfPair(string name) =>
        $"'{name}' holds half of a surrogate pair, which is not a character. Escape characters beyond U+FFFF as a pair.";

    /// <summary>The text of a name or a string; null when an escape in it is half of a surrogate pair.</summary>
    private static string? Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
