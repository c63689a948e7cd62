namespace AgentPlatform.Core.ChatModels.OpenAICompatible;

/// <summary>A body that never comes to its end: after what has begun the connection breaks, or nothing more is sent.</summary>
internal sealed class UnfinishedStream(byte[] begun, bool breaks) : Stream
{
    private int _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _read; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = Math.Min(buffer.Length, begun.Length - _read);
        if (count > 0)
        {
            begun.AsMemory(_read, count).CopyTo(buffer);
            _read += count;
            return count;
        }

        if (!breaks)
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
