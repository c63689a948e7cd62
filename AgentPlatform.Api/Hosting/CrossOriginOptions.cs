using System.ComponentModel.DataAnnotations;

namespace AgentPlatform.Api.Hosting;

/// <summary>Section <c>Cors</c>: web pages of other origins that may call the API from a browser. None by default.</summary>
internal sealed class CrossOriginOptions : IValidatableObject
{
    public const string Section = "Cors";

    /// <summary>Such as <c>https://app.example.com</c>.</summary>
    public List<string> Origins { get; set; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) => Origins
        .Where(origin => !Uri.TryCreate(origin, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.GetLeftPart(UriPartial.Authority) != origin)
        .Select(origin => new ValidationResult(
            $"{Section}:{nameof(Origins)} holds '{origin}', which is no origin: write scheme, host and port only, such as https://app.example.com; '*' is not taken.",
            [nameof(Origins)]));
}
