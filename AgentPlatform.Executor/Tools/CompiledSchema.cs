using System.Text.Json;
using NJsonSchema;
using NJsonSchema.Validation;

namespace AgentPlatform.Executor.Tools;

/// <summary>A JSON schema, parsed once, that tells in sentences how a document breaks it.</summary>
internal sealed class CompiledSchema
{
    /// <summary>More would not help a model to mend its call.</summary>
    private const int MaxViolations = 8;

    // Without state of its own; a new one would be as costly as the validation of a small document.
    private static readonly JsonSchemaValidator Validator = new(new JsonSchemaValidatorSettings());

    private readonly JsonSchema _schema;

    private CompiledSchema(JsonSchema schema, JsonElement source)
    {
        _schema = schema;
        Source = source;
    }

    public JsonElement Source { get; }

    /// <param name="schema">A JSON schema object.</param>
    /// <param name="closed">Refuse members the schema does not name, unless it says itself whether they are allowed.</param>
    /// <exception cref="FormatException">It is not a JSON schema; the text says why.</exception>
    public static CompiledSchema Parse(JsonElement schema, bool closed)
    {
        if (schema.ValueKind is not JsonValueKind.Object)
        {
            throw new FormatException("a JSON schema is an object");
        }

        try
        {
            // Nothing here is asynchronous once references stay inside the document.
            var parsed = JsonSchema.FromJsonAsync(
                schema.GetRawText(),
                documentPath: null!,
                root => new LocalReferences(new JsonSchemaAppender(root, new DefaultTypeNameGenerator())))
                .GetAwaiter().GetResult();
            if (closed && !schema.TryGetProperty("additionalProperties", out _))
            {
                parsed.AllowAdditionalProperties = false;
            }

            return new CompiledSchema(parsed, schema);
        }
        catch (Exception exception) when (exception.GetBaseException() is FormatException own)
        {
            throw new FormatException(own.Message, exception);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The library has no exception of its own: a wrong type, a dangling reference and a typo each throw another.
            throw new FormatException("the JSON schema cannot be read: check its types and references", exception);
        }
    }

    /// <summary>One sentence for each way in which the document breaks the schema; empty when it fits.</summary>
    /// <param name="json">Well-formed JSON.</param>
    public IReadOnlyList<string> Violations(string json)
    {
        var errors = Validator.Validate(json, _schema);
        return errors.Count == 0 ? [] : [.. errors.Take(MaxViolations).Select(Describe)];
    }

    private static string Describe(ValidationError error)
    {
        var path = error.Path?.TrimStart('#', '/') is { Length: > 0 } found ? found : null;
        var subject = path is null ? "the value" : $"'{path}'";
        var schema = error.Schema;
        return error.Kind switch
        {
            ValidationErrorKind.PropertyRequired => $"{subject} is required",
            ValidationErrorKind.NoAdditionalPropertiesAllowed => $"{subject} is not a known property",
            ValidationErrorKind.StringExpected => $"{subject} must be a string",
            ValidationErrorKind.NumberExpected => $"{subject} must be a number",
            ValidationErrorKind.IntegerExpected => $"{subject} must be an integer",
            ValidationErrorKind.BooleanExpected => $"{subject} must be true or false",
            ValidationErrorKind.ObjectExpected => $"{subject} must be an object",
            ValidationErrorKind.ArrayExpected => $"{subject} must be an array",
            ValidationErrorKind.NotInEnumeration => $"{subject} must be one of {string.Join(", ", schema.Enumeration)}",
            ValidationErrorKind.NumberTooSmall => $"{subject} must be at least {schema.Minimum ?? schema.ExclusiveMinimum}",
            ValidationErrorKind.NumberTooBig => $"{subject} must be at most {schema.Maximum ?? schema.ExclusiveMaximum}",
            ValidationErrorKind.StringTooShort => $"{subject} must have at least {schema.MinLength} characters",
            ValidationErrorKind.StringTooLong => $"{subject} must have at most {schema.MaxLength} characters",
            ValidationErrorKind.PatternMismatch => $"{subject} must match {schema.Pattern}",
            ValidationErrorKind.TooFewItems => $"{subject} must have at least {schema.MinItems} items",
            ValidationErrorKind.TooManyItems => $"{subject} must have at most {schema.MaxItems} items",
            _ => Nested(error) ?? $"{subject} does not fit the schema ({error.Kind})",
        };
    }

    private static string? Nested(ValidationError error) =>
        error is ChildSchemaValidationError { Errors: { Count: > 0 } children }
        && children.Values.SelectMany(list => list).FirstOrDefault() is { } first
            ? Describe(first)
            : null;
}
