using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Threading.Channels;

namespace ProxyKit.Tool.Messages;

/// <summary>Writes to an output whose reader may be slow, or have stopped: whoever writes waits for nobody. What does not fit is left out, counted, and told
/// once the reader has caught up. May be used by several threads; each call writes whole or not at all.</summary>
internal sealed class OutputQueue : TextWriter
{
    /// <summary>How much waits for the reader.</summary>
    public const int MostBytes = 1024 * 1024;

    /// <summary>How much a pipe takes in one piece, so that lines of others who write to the same one stand between ours.</summary>
    private const int PieceBytes = 4096;

    /// <summary>How long the end waits for the reader.</summary>
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(1);

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly Channel<Piece> _waiting = Channel.CreateUnbounded<Piece>(new() { SingleReader = true });
    private readonly Stream _output;
    private readonly string _name;
    private readonly Action<string> _tell;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waitingBytes, _waitingPieces;
    private int _leftOut;

    /// <param name="output">Where to. Whoever made it disposes it.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="tell">Tells what was lost; may write to this very queue.</param>
    /// <param name="time">The clock of the end; null for the system's.</param>
    public OutputQueue(Stream output, string name, Action<string> tell, TimeProvider? time = null)
    {
        (_output, _name, _tell, _time) = (output, name, tell, time ?? TimeProvider.System);
        new Thread(WriteAll) { IsBackground = true, Name = "ProxyKit output" }.Start(); // its own: it may stand for long, and the pool has few
    }

    /// <summary>How much waits for the reader now.</summary>
    internal int WaitingBytes => Volatile.Read(ref _waitingBytes);

    public override Encoding Encoding => Utf8;

    public override void Write(char value) => Write(new ReadOnlySpan<char>(in value));

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(string? value) => Write(value.AsSpan());

    public override void WriteLine(string? value) => Write($"{value}\n".AsSpan());

    public override void Write(ReadOnlySpan<char> buffer)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(Utf8.GetMaxByteCount(buffer.Length));
        var piece = new Piece(bytes, Utf8.GetBytes(buffer, bytes));
        if (Interlocked.Add(ref _waitingBytes, piece.Length) <= MostBytes)
        {
            Interlocked.Increment(ref _waitingPieces);
            if (_waiting.Writer.TryWrite(piece))
            {
                return; // whoever writes it gives the bytes back
            }

            Interlocked.Decrement(ref _waitingPieces);
        }
        else
        {
            Interlocked.Increment(ref _leftOut);
        }

        Interlocked.Add(ref _waitingBytes, -piece.Length);
        ArrayPool<byte>.Shared.Return(bytes);
    }

    /// <summary>Takes no more, and waits a while until what is queued has been read.</summary>
    public override async ValueTask DisposeAsync()
    {
        TellLeftOut(); // which may have to go the same way
        _waiting.Writer.TryComplete();
        try
        {
            await _ended.Task.WaitAsync(EndLimit, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Interlocked.Add(ref _leftOut, Volatile.Read(ref _waitingPieces)); // nobody reads; the process does not stay for that
        }

        TellLeftOut();
        await base.DisposeAsync().ConfigureAwait(false);
    }

    [SuppressMessage("Design", "CA1031", Justification = "Here a background loop begins: a full disk or a closed pipe costs the lines, and is told.")]
    private void WriteAll()
    {
        var buffer = new ArrayBufferWriter<byte>(PieceBytes);
        var hasFailed = false;
        while (_waiting.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            buffer.ResetWrittenCount();
            var pieces = Gather(buffer);
            try
            {
                _output.Write(buffer.WrittenSpan);
            }
            catch (Exception e)
            {
                if (!hasFailed)
                {
                    hasFailed = true; // said once, as of any writer of access lines
                    _tell($"Lines for the {_name} are lost : {e.Message}");
                }
            }

            Interlocked.Add(ref _waitingPieces, -pieces);
            Interlocked.Add(ref _waitingBytes, -buffer.WrittenCount);
            if (!_waiting.Reader.TryPeek(out _))
            {
                TellLeftOut();
            }
        }

        _ended.SetResult();
    }

    /// <summary>Takes lines together, as many as go in one piece; a longer one goes alone.</summary>
    private int Gather(ArrayBufferWriter<byte> buffer)
    {
        var pieces = 0;
        while (_waiting.Reader.TryPeek(out var piece) && (buffer.WrittenCount == 0 || buffer.WrittenCount + piece.Length <= PieceBytes))
        {
            _waiting.Reader.TryRead(out _); // nobody else reads: it is that one
            buffer.Write(piece.Bytes.AsSpan(0, piece.Length));
            ArrayPool<byte>.Shared.Return(piece.Bytes);
            pieces++;
        }

        return pieces;
    }

    private void TellLeftOut()
    {
        if (Interlocked.Exchange(ref _leftOut, 0) is var count and > 0)
        {
            _tell(string.Create(CultureInfo.InvariantCulture, $"{count} line(s) for the {_name} were left out: it was not read as fast as they came."));
        }
    }

    /// <summary>What one call has written.</summary>
    private readonly record struct Piece(byte[] Bytes, int Length);
}
