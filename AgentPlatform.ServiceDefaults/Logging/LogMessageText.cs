using System.Globalization;
using System.Text;
using Serilog.Events;
using Serilog.Formatting.Display;

namespace AgentPlatform.ServiceDefaults.Logging;

/// <summary>The message of an event with its holes filled, strings unquoted. Not thread-safe: each line format owns one.</summary>
internal sealed class LogMessageText
{
    // l: strings as they are; j: structures as JSON.
    private readonly MessageTemplateTextFormatter _format = new("{Message:lj}", CultureInfo.InvariantCulture);
    private readonly StringBuilder _text = new();

    internal string Of(LogEvent logEvent)
    {
        _text.Clear();
        using var writer = new StringWriter(_text, CultureInfo.InvariantCulture);
        _format.Format(logEvent, writer);
        return _text.ToString();
    }
}
