using System.ComponentModel.DataAnnotations;

namespace AgentPlatform.Api.Mcp;

/// <summary>Section <c>McpServer</c>.</summary>
internal sealed class McpServerSettings : IValidatableObject
{
    public const string Section = "McpServer";

    /// <summary>Origins of web pages that may call <c>/mcp</c>, such as <c>https://inspector.example.com</c>. Clients that are no web pages need none.</summary>
    public List<string> AllowedOrigins { get; set; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => AllowedOrigins
        .Where(origin => !Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.GetLeftPart(UriPartial.Authority) != origin)
        .Select(origin => new ValidationResult(
            $"{Section}:{nameof(AllowedOrigins)} holds '{origin}', which is no origin: write scheme, host and port only, such as https://example.com.",
            [nameof(AllowedOrigins)]));
}
