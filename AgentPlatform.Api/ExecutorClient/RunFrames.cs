using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AgentPlatform.Core.Wire;

namespace AgentPlatform.Api.ExecutorClient;

/// <summary>Reads the JSON lines of a run's stream as they arrive.</summary>
internal static class RunFrames
{
    private static readonly JsonTypeInfo<RunFrame> Json = (JsonTypeInfo<RunFrame>)WireJson.Options.GetTypeInfo(typeof(RunFrame));

    /// <exception cref="JsonException">A line is not a frame.</exception>
    public static async IAsyncEnumerable<RunFrame> ReadAsync(
        Stream stream, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = PipeReader.Create(stream);
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(cancellationToken);
                var buffer = read.Buffer;
                while (TryReadLine(ref buffer, out var line))
                {
                    yield return Parse(line);
                }

                reader.AdvanceTo(buffer.Start, buffer.End);
                if (read.IsCompleted)
                {
                    yield break;
                }
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    // A last line without its end is half a line: the stream broke there.
    private static bool TryReadLine(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> line)
    {
        if (buffer.PositionOf((byte)'\n') is not { } end)
        {
            line = default;
            return false;
        }

        line = buffer.Slice(0, end);
        buffer = buffer.Slice(buffer.GetPosition(1, end));
        return true;
    }

    private static RunFrame Parse(ReadOnlySequence<byte> line)
    {
        var json = new Utf8JsonReader(line);
        return JsonSerializer.Deserialize(ref json, Json) ?? RunFrame.Heartbeat;
    }
}
