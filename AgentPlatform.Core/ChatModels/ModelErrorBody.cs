using System.ClientModel.Primitives;
using System.Text.Json;

namespace AgentPlatform.Core.ChatModels;

/// <summary>The <c>code</c>, <c>type</c> and <c>message</c> of an error body, as far as they say what kind of error it is.</summary>
internal readonly record struct ModelErrorBody(string? Code, string? Type, string? Message)
{
    private static readonly string[] OverflowSigns =
        ["context length", "context window", "maximum context", "context size", "context_length", "exceed_context", "too many tokens", "prompt is too long"];

    public bool IsContextOverflow => OverflowSigns.Any(Says);

    public bool IsContentFilter => Code is "content_filter" or "content_policy_violation" || Type is "content_filter" || Says("ResponsibleAIPolicyViolation");

    public bool IsQuotaUsedUp => Code is "insufficient_quota" || Type is "insufficient_quota";

    public static ModelErrorBody Read(PipelineResponse? response)
    {
        try
        {
            if (response?.Content is not { } content || content.ToMemory().IsEmpty)
            {
                return default;
            }

            using var document = JsonDocument.Parse(content);
            var error = document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("error", out var inner)
                ? inner
                : document.RootElement;
            return error.ValueKind switch
            {
                JsonValueKind.String => new ModelErrorBody(null, null, error.GetString()),
                JsonValueKind.Object => new ModelErrorBody(Text(error, "code"), Text(error, "type"), Text(error, "message")),
                _ => default,
            };
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or IOException)
        {
            return default;
        }
    }

    private bool Says(string sign) => Has(Code, sign) || Has(Type, sign) || Has(Message, sign);

    private static bool Has(string? text, string sign) => text?.Contains(sign, StringComparison.OrdinalIgnoreCase) == true;

    private static string? Text(JsonElement error, string name) =>
        error.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
