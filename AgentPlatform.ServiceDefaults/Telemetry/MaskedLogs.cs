using AgentPlatform.ServiceDefaults.Secrets;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace AgentPlatform.ServiceDefaults.Telemetry;

/// <summary>Takes secrets out of log records before they are exported. An exception with one becomes the three attributes it would have been exported as.</summary>
internal sealed class MaskedLogs(SecretMask secrets) : BaseProcessor<LogRecord>
{
    public override void OnEnd(LogRecord data)
    {
        data.FormattedMessage = data.FormattedMessage is { } message ? secrets.HideAll(message) : null;
        data.Body = data.Body is { } body ? secrets.HideAll(body) : null;
        data.Attributes = data.Attributes?.Select(attribute => MaskedTag.Of(attribute, secrets)).ToList();
        if (data.Exception is not { } exception)
        {
            return;
        }

        var text = exception.ToString();
        var shown = secrets.HideAll(text);
        if (!ReferenceEquals(text, shown))
        {
            data.Exception = null;
            data.Attributes =
            [
                .. data.Attributes ?? [],
                new("exception.type", exception.GetType().Name),
                new("exception.message", secrets.HideAll(exception.Message)),
                new("exception.stacktrace", shown),
            ];
        }
    }
}
