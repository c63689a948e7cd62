using System.Buffers;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;

namespace AgentPlatform.ServiceDefaults.Logging;

/// <summary>
/// Formats and writes events in batches on a thread of its own: a caller only puts its event into a bounded queue. When the queue is
/// full (a stuck disk or terminal), events are dropped rather than callers held up.
/// </summary>
internal sealed class LogLineSink(ILogLine line, Action<ReadOnlyMemory<byte>> write, IDisposable? owned = null) : IBatchedLogEventSink, IDisposable
{
    /// <summary>A line is written at most this long after it was logged; half of the promised half second.</summary>
    internal static readonly BatchingOptions Batching = new()
    {
        BatchSizeLimit = 1000,
        BufferingTimeLimit = TimeSpan.FromMilliseconds(250),
        QueueLimit = 20_000,
    };

    private readonly ArrayBufferWriter<byte> _buffer = new(16 * 1024);

    public Task EmitBatchAsync(IReadOnlyCollection<LogEvent> batch)
    {
        _buffer.ResetWrittenCount();
        foreach (var logEvent in batch)
        {
            line.Write(logEvent, _buffer);
        }

        write(_buffer.WrittenMemory);
        return Task.CompletedTask;
    }

    public Task OnEmptyBatchAsync() => Task.CompletedTask;

    public void Dispose() => owned?.Dispose();
}
