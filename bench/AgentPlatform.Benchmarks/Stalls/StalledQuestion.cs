using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace AgentPlatform.Benchmarks.Stalls;

/// <summary>One question whose answer stalled somewhere.</summary>
/// <param name="Over">How long after its timeout the caller had all of the answer.</param>
/// <param name="Label">Level and reason of what came, or what went wrong.</param>
internal sealed record StalledQuestion(TimeSpan Over, string Label, bool IsLabelled)
{
    public static async Task<StalledQuestion> AskAsync(
        HttpClient api, StallPoint point, int number, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        using var response = await api.PostAsJsonAsync(
            "agent",
            new { question = $"{point.Name} {number}", agent = point.Agent, timeout = timeout.TotalSeconds, stream = point.Stream },
            cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        var over = Stopwatch.GetElapsedTime(started) - timeout;
        var body = JsonElement.Parse(point.Stream ? Last(text) : text);
        return response.IsSuccessStatusCode && body.TryGetProperty("degraded", out var degraded) && degraded.ValueKind == JsonValueKind.Object
            ? new StalledQuestion(over, $"{degraded.GetProperty("level").GetString()}/{degraded.GetProperty("reason").GetString()}", true)
            : new StalledQuestion(over, $"{(int)response.StatusCode} {text[..Math.Min(80, text.Length)]}", false);
    }

    /// <summary>The data of the last event.</summary>
    private static string Last(string events)
    {
        const string data = "data: ";
        var start = events.LastIndexOf("\n" + data, StringComparison.Ordinal) + 1 + data.Length;
        return events[start..events.IndexOf('\n', start)];
    }
}
