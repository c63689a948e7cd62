using System.Buffers;
using System.Globalization;
using System.Text;
using Serilog.Core;
using Serilog.Events;

namespace AgentPlatform.ServiceDefaults.Logging;

/// <summary>
/// The line that a person at a terminal reads: <c>12:03:04 Warning JournalWriter: message (NpgsqlException: …)</c>. The stack is in the
/// file. Control characters become spaces: a logged value can neither begin a line nor steer the terminal.
/// </summary>
internal sealed class ConsoleLogLine(LogText logText) : ILogLine
{
    private readonly LogMessageText _message = new();

    public void Write(LogEvent logEvent, IBufferWriter<byte> output)
    {
        var text = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"{logEvent.Timestamp:HH:mm:ss} {LogLevelNames.NameOf(logEvent.Level)} ");
        if (logEvent.Properties.TryGetValue(Constants.SourceContextPropertyName, out var category) && category is ScalarValue { Value: string name })
        {
            text.Append(name.AsSpan(name.LastIndexOf('.') + 1)).Append(": ");
        }

        text.Append(_message.Of(logEvent));
        if (logEvent.Exception is { } exception)
        {
            text.Append(CultureInfo.InvariantCulture, $" ({exception.GetType().Name}: {exception.Message})");
        }

        text = new StringBuilder(logText.Of(text.ToString()));
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]) || text[i] is '\u2028' or '\u2029')
            {
                text[i] = ' ';
            }
        }

        text.Append('\n');
        Encoding.UTF8.GetBytes(text.ToString(), output);
    }
}
