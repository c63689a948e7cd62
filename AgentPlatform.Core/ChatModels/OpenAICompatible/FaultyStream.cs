using AgentPlatform.Core.Faults;

namespace AgentPlatform.Core.ChatModels.OpenAICompatible;

/// <summary>A body as it comes from the network: read once, from the beginning, and not always to an end.</summary>
/// <param name="sent">What comes of it.</param>
/// <param name="then">Null: that is all. <see cref="FaultKind.TruncatedStream"/>: then the connection breaks. <see cref="FaultKind.StalledStream"/>: nothing more is sent.</param>
internal sealed class FaultyStream(byte[] sent, FaultKind? then) : Stream
{
    private int _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _read; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = Math.Min(buffer.Length, sent.Length - _read);
        if (count > 0)
        {
            sent.AsMemory(_read, count).CopyTo(buffer);
            _read += count;
            return count;
        }

        if (then is null || buffer.IsEmpty)
        {
            return 0;
        }

        if (then == FaultKind.StalledStream)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }

        throw new HttpIOException(HttpRequestError.ResponseEnded, "The response ended in the middle.");
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Model replies are read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
