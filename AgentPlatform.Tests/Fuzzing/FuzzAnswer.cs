using System.Globalization;
using System.Reflection;
using System.Text.Json;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Tests.Fuzzing;

/// <summary>What came back.</summary>
/// <param name="Status">Null when the server closed the connection without a word, which is an answer to what is no HTTP.</param>
/// <param name="IsLate">Neither an answer nor an end in time.</param>
internal sealed record FuzzAnswer(int? Status, string Body, TimeSpan Took, bool IsLate = false)
{
    private const int ServerError = 500;
    private const int VersionNotSupported = 505;

    /// <summary>Everything but a mistake of ours.</summary>
    private static readonly HashSet<string> Deliberate =
    [
        .. typeof(ProblemCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!).Where(code => code != ProblemCodes.InternalError),
    ];

    /// <summary>Why this may not be; null when it may.</summary>
    public string? FaultFor(FuzzRequest request) =>
        IsLate ? "no answer in time"
        : Status == VersionNotSupported && Body.Length == 0 && !request.IsHttp1 ? null
        : Status >= ServerError && !(CodeOf(Body) is { } code && Deliberate.Contains(code)) ? $"status {Status}"
        : Body.Contains("   at AgentPlatform.", StringComparison.Ordinal) || Body.Contains("   at System.", StringComparison.Ordinal) ? "a stack trace in the answer"
        : null;

    /// <summary>For a table.</summary>
    public string Kind =>
        IsLate ? "late"
        : Status is not { } status ? "closed"
        : status >= ServerError ? string.Create(CultureInfo.InvariantCulture, $"{status} {CodeOf(Body)}")
        : string.Create(CultureInfo.InvariantCulture, $"{status / 100}xx");

    private static string? CodeOf(string body)
    {
        try
        {
            var problem = JsonElement.Parse(body);
            return problem.ValueKind != JsonValueKind.Object ? null
                : problem.TryGetProperty("code", out var code) ? code.GetString()
                : problem.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object && error.TryGetProperty("code", out code) ? code.ToString()
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
