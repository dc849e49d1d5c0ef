using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace ProxyKit.Transport.Tls;

/// <summary>
/// A connection as the stream that <see cref="System.Net.Security.SslStream"/> wants. Asynchronous only. A read of nothing waits for
/// data and holds no memory meanwhile, which is how an idle TLS connection comes to hold no buffer.
/// </summary>
/// <remarks>A wait may end although nothing has come, and SslStream, once told that something has, keeps a buffer until it does. So a
/// read of nothing ends only when it has bytes in hand; the read after it gets them.
/// <para>Failures are noted here instead of thrown, since a reset is no exception to us: after one, reads say "end of the stream" and
/// writes go nowhere, and the owner of the stream asks <see cref="ReceiveError"/> and <see cref="SendError"/> what it was.
/// Cancellation tokens are not looked at: who wants a read to end aborts the connection.</para></remarks>
internal sealed class ConnectionStream : Stream, IValueTaskSource<int>
{
    private readonly Connection _connection;
    private readonly BufferPool _pool;
    private readonly Action _onWaitEnded;
    private ManualResetValueTaskSourceCore<int> _read;
    private ConfiguredValueTaskAwaitable<bool>.ConfiguredValueTaskAwaiter _wait;
    private Memory<byte> _buffer;
    private byte[]? _ahead; // rented while a read of nothing has found bytes that nobody has read yet
    private int _aheadStart, _aheadEnd;

    public ConnectionStream(Connection connection, BufferPool pool)
    {
        _connection = connection;
        _pool = pool;
        _onWaitEnded = OnWaitEnded;
    }

    /// <summary>Why receiving ended, if it failed.</summary>
    public TransportError ReceiveError { get; private set; }

    /// <summary>Why sending ended, if it failed.</summary>
    public TransportError SendError { get; private set; }

    /// <summary>Whether the peer said that nothing more comes.</summary>
    public bool HasEnded { get; private set; }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    private bool IsOver => HasEnded || ReceiveError != TransportError.None;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // A read of nothing goes straight to the wait, which says at once if there is something: no need to rent for asking.
        if ((!buffer.IsEmpty || _ahead is not null || IsOver) && TryRead(buffer, out var bytes))
        {
            return new(bytes);
        }

        while (true)
        {
            var wait = AwaiterOf(_connection.WaitForDataAsync());
            if (!wait.IsCompleted)
            {
                _read.Reset();
                _buffer = buffer;
                _wait = wait;
                wait.UnsafeOnCompleted(_onWaitEnded);
                return new(this, _read.Version);
            }

            if (TryFinishWait(wait, buffer, out bytes))
            {
                return new(bytes);
            }
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (SendError != TransportError.None)
        {
            return default;
        }

        var send = _connection.SendAsync(buffer);
        if (!send.IsCompletedSuccessfully)
        {
            return WriteSlowAsync(send);
        }

        SendError = send.Result.Error;
        return default;
    }

    /// <summary>Gives back what it has rented, at the end of its life: no read may be pending.</summary>
    public void ReturnBuffer()
    {
        if (_ahead is { } buffer)
        {
            _ahead = null;
            _pool.Return(buffer);
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush()
    {
        // Nothing is held back.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    int IValueTaskSource<int>.GetResult(short token) => _read.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _read.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _read.OnCompleted(continuation, state, token, flags);

    private static ConfiguredValueTaskAwaitable<bool>.ConfiguredValueTaskAwaiter AwaiterOf(ValueTask<bool> wait) =>
        wait.ConfigureAwait(false).GetAwaiter();

    private async ValueTask WriteSlowAsync(ValueTask<IoResult> send) => SendError = (await send.ConfigureAwait(false)).Error;

    /// <summary>What can be read without waiting; false when that is nothing.</summary>
    private bool TryRead(Memory<byte> buffer, out int bytes)
    {
        if (_ahead is not null)
        {
            bytes = TakeAhead(buffer.Span);
            return true;
        }

        bytes = 0;
        if (IsOver)
        {
            return true;
        }

        return buffer.IsEmpty ? TryReadAhead() : TryReceive(buffer.Span, out bytes);
    }

    private bool TryReceive(Span<byte> buffer, out int bytes)
    {
        var received = _connection.TryReceive(buffer, out var result);
        bytes = result.Bytes;
        HasEnded = received && result.IsEnd;
        ReceiveError = result.Error;
        return received;
    }

    private bool TryReadAhead()
    {
        _ahead = _pool.RentHead();
        var received = TryReceive(_ahead, out var bytes);
        (_aheadStart, _aheadEnd) = (0, bytes);
        if (bytes == 0)
        {
            ReturnBuffer();
        }

        return received;
    }

    private int TakeAhead(Span<byte> buffer)
    {
        var bytes = Math.Min(buffer.Length, _aheadEnd - _aheadStart);
        _ahead.AsSpan(_aheadStart, bytes).CopyTo(buffer);
        _aheadStart += bytes;
        if (_aheadStart == _aheadEnd)
        {
            ReturnBuffer();
        }

        return bytes;
    }

    private bool TryFinishWait(
        ConfiguredValueTaskAwaitable<bool>.ConfiguredValueTaskAwaiter wait, Memory<byte> buffer, out int bytes)
    {
        if (!wait.GetResult())
        {
            ReceiveError = TransportError.TimedOut; // somebody gave the wait up; no TLS stream survives that in the middle
        }

        return TryRead(buffer, out bytes);
    }

    private void OnWaitEnded()
    {
        var wait = _wait;
        int bytes;
        while (!TryFinishWait(wait, _buffer, out bytes))
        {
            // The word was wrong: there was nothing after all.
            wait = AwaiterOf(_connection.WaitForDataAsync());
            if (!wait.IsCompleted)
            {
                _wait = wait;
                wait.UnsafeOnCompleted(_onWaitEnded);
                return;
            }
        }

        _buffer = default;
        _wait = default;
        _read.SetResult(bytes);
    }
}
