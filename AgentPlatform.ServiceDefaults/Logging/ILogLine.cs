using System.Buffers;
using Serilog.Events;

namespace AgentPlatform.ServiceDefaults.Logging;

/// <summary>One log event as one line of UTF-8, its newline included. Never throws for any event; called by one thread at a time.</summary>
internal interface ILogLine
{
    void Write(LogEvent logEvent, IBufferWriter<byte> output);
}
