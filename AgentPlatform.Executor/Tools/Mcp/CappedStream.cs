namespace AgentPlatform.Executor.Tools.Mcp;

/// <summary>
/// A server's output, in which no single message may grow beyond a bound: whoever reads it keeps a message in memory until
/// it is whole.
/// </summary>
/// <param name="ends">Newlines in a row that end a message; null when the whole stream is one.</param>
internal sealed class CappedStream(Stream inner, long most, int? ends) : Stream
{
    private long _length;
    private int _newlines;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Count(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = inner.Read(buffer, offset, count);
        Count(buffer.AsSpan(offset, read));
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <exception cref="IOException">A message is too long.</exception>
    private void Count(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            _newlines = value switch
            {
                (byte)'\n' => _newlines + 1,
                (byte)'\r' => _newlines,
                _ => 0,
            };
            _length = _newlines >= ends ? 0 : _length + 1;
            if (_length > most)
            {
                throw new IOException($"The server sent a message of more than {most} bytes.");
            }
        }
    }
}
