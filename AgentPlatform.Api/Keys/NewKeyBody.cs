using System.ComponentModel.DataAnnotations;
using AgentPlatform.Api.Input;
using AgentPlatform.Api.Problems;
using AgentPlatform.Core.Identity;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.Keys;

/// <summary>The body of <c>POST /keys</c>.</summary>
internal sealed record NewKeyBody
{
    private const double LongestDays = 36_500;

    public static BodyShape Shape { get; } = new(
        """{"name":"nightly report","scopes":"run read","expires_in_days":90}""",
        Optional: false,
        [
            new("name", BodyFieldKind.Text, Required: true),
            new("scopes", BodyFieldKind.Text, Required: true),
            new("expires_in_days", BodyFieldKind.Number),
        ]);

    /// <summary>Whose key it is.</summary>
    [Required]
    [MinLength(1)]
    [MaxLength(ApiKeyRules.LongestName)]
    public string? Name { get; init; }

    /// <summary>What it may do: some of <c>run read approve admin</c>, separated by spaces.</summary>
    [Required]
    public string? Scopes { get; init; }

    /// <summary>Left out, it lives until it is revoked.</summary>
    [Range(0.001, LongestDays)]
    public double? ExpiresInDays { get; init; }

    public OrProblem<NewApiKey> ToKey(TimeProvider time)
    {
        if (ExpiresInDays is { } days && days is not (> 0 and <= LongestDays))
        {
            return Problem.Invalid("expires_in_days", $"'expires_in_days' must be more than 0 and at most {LongestDays}.");
        }

        var now = time.GetUtcNow();
        var key = new NewApiKey(
            Name ?? "",
            Scopes?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [],
            ExpiresInDays is { } lives ? now.AddDays(lives) : null);
        return ApiKeyRules.Broken(key, now) is { } broken ? Problem.Invalid(broken.Field, broken.Detail) : key;
    }
}
