using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace ProxyKit.Transport.Tls;

/// <summary>
/// A connection as the stream that <see cref="System.Net.Security.SslStream"/> wants, asynchronous only. It knows where TLS records end
/// and hands out no more than one at a time, so that SslStream never holds a record back: when it has decrypted one, it holds nothing.
/// </summary>
/// <remarks>
/// So its owner can wait for a whole record on the connection itself (<see cref="HasRecord"/>, <see cref="EndWait"/>) and then read it
/// from SslStream without waiting; an idle connection has nothing pending in SslStream, and no buffer anywhere.
/// <para>Failures are noted here instead of thrown, since a reset is no exception to us: after one, reads say "end of the stream" and
/// writes go nowhere, and the owner asks <see cref="ReceiveError"/> and <see cref="SendError"/> what it was. Cancellation
/// tokens are not looked at: who wants a read to end aborts the connection.</para>
/// </remarks>
internal sealed class ConnectionStream(Connection connection, BufferPool pool) : Stream
{
    private const int RecordHead = 5; // RFC 8446 §5.1: type, version, length
    private const int MaxRecord = RecordHead + 16384 + 2048; // RFC 5246 §6.2.3; TLS 1.3 allows less

    private byte[]? _buffer; // rented while there is something in it
    private int _start, _end;
    private int _recordLeft; // bytes of the record under way that were not handed out yet
    private bool _wantsBulk; // whether the last receive was worth a large buffer
    private bool _hasGreeted; // whether it was seen how a handshake went that we serve

    /// <summary>Where buffers come from.</summary>
    public BufferPool Pool => pool;

    /// <summary>Why receiving ended, if it failed.</summary>
    public TransportError ReceiveError { get; private set; }

    /// <summary>Why sending ended, if it failed.</summary>
    public TransportError SendError { get; private set; }

    /// <summary>Whether the peer said that nothing more comes.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Whether the handshake, which is over or nearly, took up an earlier session.</summary>
    public bool IsResumed { get; private set; }

    /// <summary>What has come and was not handed out.</summary>
    public ReadOnlySpan<byte> Buffered => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Whether SslStream can read to the end of a record without waiting, or will meet the end of the stream.</summary>
    public bool HasRecord
    {
        get
        {
            var there = _end - _start;
            return IsOver || (_recordLeft > 0
                ? there >= _recordLeft
                : there >= RecordHead && (RecordLength > MaxRecord || there >= RecordLength));
        }
    }

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

    /// <summary>Whether a read has something to hand out, or the end to tell.</summary>
    private bool HasSome => IsOver || _end - _start >= (_recordLeft > 0 ? 1 : RecordHead);

    /// <summary>The length of the record that begins at the start of the buffer, with its head, which must be there.</summary>
    private int RecordLength => RecordHead + BinaryPrimitives.ReadUInt16BigEndian(_buffer.AsSpan(_start + 3));

    /// <summary>Takes in what a wait on the connection has promised.</summary>
    /// <param name="arrived">What the wait said.</param>
    public void EndWait(bool arrived)
    {
        if (!arrived)
        {
            ReceiveError = TransportError.TimedOut; // somebody gave the wait up, and SslStream cannot go on after half a record
            return;
        }

        MakeRoom();
        if (connection.TryReceive(_buffer.AsSpan(_end), out var result))
        {
            _end += result.Bytes;
            _wantsBulk = result.Bytes >= BufferPool.HeadSize;
            HasEnded = result.IsEnd;
            ReceiveError = result.Error;
        }

        if (_start == _end)
        {
            ReturnBuffer(); // the promise was empty, or the end
        }
    }

    /// <summary>Waits until a read has something to hand out: the head of a record at least, by which SslStream judges whether it is one.</summary>
    /// <returns>False where it is the end.</returns>
    [AsyncMethodBuilder(typeof(PooledTaskBuilder<>))]
    public async ValueTask<bool> WaitForSomeAsync()
    {
        while (!HasSome)
        {
            EndWait(await connection.WaitForDataAsync().ConfigureAwait(false));
        }

        return !IsOver;
    }

    /// <summary>Waits until there is more than there was.</summary>
    /// <returns>False where it is the end.</returns>
    public async ValueTask<bool> WaitForMoreAsync()
    {
        EndWait(await connection.WaitForDataAsync().ConfigureAwait(false));
        return !IsOver;
    }

    /// <summary>Gives back what it has rented, at the end of its life: no read may be pending.</summary>
    public void ReturnBuffer()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            _start = _end = 0;
            pool.Return(buffer);
        }
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        HasSome ? new(Take(buffer.Span)) : ReadSlowAsync(buffer);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (SendError != TransportError.None)
        {
            return default;
        }

        if (!_hasGreeted)
        {
            var isResumed = ServerHello.IsResuming(buffer.Span);
            (_hasGreeted, IsResumed) = (isResumed is not null, isResumed == true);
        }

        var send = connection.SendAsync(buffer);
        if (!send.IsCompletedSuccessfully)
        {
            return WriteSlowAsync(send);
        }

        SendError = send.Result.Error;
        return default;
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

    /// <summary>Within a handshake, and where a record held no data: nothing of it stays when it is over.</summary>
    [AsyncMethodBuilder(typeof(PooledTaskBuilder<>))]
    private async ValueTask<int> ReadSlowAsync(Memory<byte> buffer)
    {
        await WaitForSomeAsync().ConfigureAwait(false);
        return Take(buffer.Span);
    }

    private async ValueTask WriteSlowAsync(ValueTask<IoResult> send) => SendError = (await send.ConfigureAwait(false)).Error;

    /// <summary>Rents, closes the gap that was read, and moves to a larger buffer when the record needs one.</summary>
    private void MakeRoom()
    {
        _buffer ??= _wantsBulk ? pool.RentBulk() : pool.RentHead();
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer); // less than a record
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            var larger = pool.RentBulk();
            _buffer.CopyTo(larger, 0);
            pool.Return(_buffer);
            _buffer = larger;
        }
    }

    /// <summary>Hands out what is there of the record under way; nothing at the end of the stream.</summary>
    private int Take(Span<byte> destination)
    {
        var there = _end - _start;
        if (_recordLeft == 0)
        {
            _recordLeft = there < RecordHead ? there : RecordLength; // less than a head only when no more comes
            if (_recordLeft > MaxRecord)
            {
                ReceiveError = TransportError.Other; // not TLS; SslStream would wait for all of it
                ReturnBuffer();
                return 0;
            }
        }

        var bytes = Math.Min(destination.Length, Math.Min(there, _recordLeft));
        _buffer.AsSpan(_start, bytes).CopyTo(destination);
        _start += bytes;
        _recordLeft -= bytes;
        if (_start == _end)
        {
            ReturnBuffer();
        }

        return bytes;
    }
}
