using ProxyKit.Transport;

namespace ProxyKit.Testing.InMemory;

/// <summary>One direction of a connection in memory: a bounded queue of bytes with a reader, a writer, and an end.</summary>
internal sealed class InMemoryPipe(int capacity)
{
    private readonly Lock _lock = new(); // guards everything below
    private readonly byte[] _bytes = new byte[capacity];
    private int _first, _count;
    private bool _ended;
    private TransportError _readerError, _writerError;
    private InMemoryConnection? _waiting;
    private TaskCompletionSource? _room;

    /// <summary>Takes what is there; false when that is nothing and more may come.</summary>
    public bool TryRead(Span<byte> buffer, out IoResult result)
    {
        lock (_lock)
        {
            result = default;
            if (_readerError != TransportError.None)
            {
                result = IoResult.Failed(_readerError);
                return true;
            }

            if (_count == 0)
            {
                return _ended;
            }

            var bytes = Math.Min(buffer.Length, _count);
            for (var i = 0; i < bytes; i++)
            {
                buffer[i] = _bytes[(_first + i) % capacity];
            }

            _first = (_first + bytes) % capacity;
            _count -= bytes;
            FreeWriterLocked();
            result = IoResult.Moved(bytes);
            return true;
        }
    }

    /// <summary>Has the reader signalled when there is something; false when there is already.</summary>
    public bool StartWait(InMemoryConnection reader)
    {
        lock (_lock)
        {
            if (_count > 0 || _ended || _readerError != TransportError.None)
            {
                return false;
            }

            _waiting = reader;
            return true;
        }
    }

    /// <summary>Puts in what fits.</summary>
    /// <param name="buffer">What to put in.</param>
    /// <param name="room">Ends when there may be room for the rest; null when there is none or it does not matter.</param>
    public IoResult Write(ReadOnlySpan<byte> buffer, out Task? room)
    {
        InMemoryConnection? reader;
        int bytes;
        lock (_lock)
        {
            room = null;
            if (_writerError != TransportError.None || _ended)
            {
                return IoResult.Failed(_writerError == TransportError.None ? TransportError.Reset : _writerError);
            }

            bytes = Math.Min(buffer.Length, capacity - _count);
            for (var i = 0; i < bytes; i++)
            {
                _bytes[(_first + _count + i) % capacity] = buffer[i];
            }

            _count += bytes;
            reader = bytes > 0 ? TakeReaderLocked() : null;
            if (bytes < buffer.Length)
            {
                _room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                room = _room.Task;
            }
        }

        reader?.Signal();
        return IoResult.Moved(bytes);
    }

    /// <summary>Ends it: what is there can still be read.</summary>
    /// <param name="forWriter">What later writes are told; none leaves it at what they are told already.</param>
    public void End(TransportError forWriter = TransportError.None) => Close(ended: true, TransportError.None, forWriter);

    /// <summary>Breaks it: nothing more passes, and what is there is lost.</summary>
    public void Break(TransportError forReader, TransportError forWriter) => Close(ended: false, forReader, forWriter);

    private void Close(bool ended, TransportError forReader, TransportError forWriter)
    {
        InMemoryConnection? reader;
        lock (_lock)
        {
            // The first word counts.
            _ended |= ended;
            _readerError = _readerError == TransportError.None ? forReader : _readerError;
            _writerError = _writerError == TransportError.None ? forWriter : _writerError;
            FreeWriterLocked();
            reader = TakeReaderLocked();
        }

        reader?.Signal();
    }

    private InMemoryConnection? TakeReaderLocked()
    {
        var reader = _waiting;
        _waiting = null;
        return reader;
    }

    private void FreeWriterLocked()
    {
        _room?.TrySetResult();
        _room = null;
    }
}
