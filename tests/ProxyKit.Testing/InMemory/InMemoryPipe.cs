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
        lock (_lock)
        {
            room = null;
            if (_writerError != TransportError.None || _ended)
            {
                return IoResult.Failed(_writerError == TransportError.None ? TransportError.Reset : _writerError);
            }

            var bytes = Math.Min(buffer.Length, capacity - _count);
            for (var i = 0; i < bytes; i++)
            {
                _bytes[(_first + _count + i) % capacity] = buffer[i];
            }

            _count += bytes;
            if (bytes > 0)
            {
                SignalReaderLocked();
            }

            if (bytes < buffer.Length)
            {
                _room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                room = _room.Task;
            }

            return IoResult.Moved(bytes);
        }
    }

    /// <summary>Nothing more will be written; what is there can still be read.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            SignalReaderLocked();
            FreeWriterLocked();
        }
    }

    /// <summary>Nothing more passes, and what is there is lost. The first word counts.</summary>
    public void Break(TransportError forReader, TransportError forWriter)
    {
        lock (_lock)
        {
            _readerError = _readerError == TransportError.None ? forReader : _readerError;
            _writerError = _writerError == TransportError.None ? forWriter : _writerError;
            SignalReaderLocked();
            FreeWriterLocked();
        }
    }

    /// <summary>Ends it for a writer that goes away.</summary>
    public void Leave(TransportError forWriter)
    {
        lock (_lock)
        {
            _writerError = _writerError == TransportError.None ? forWriter : _writerError;
            End();
        }
    }

    private void SignalReaderLocked()
    {
        if (_waiting is { } reader)
        {
            _waiting = null;
            ThreadPool.UnsafeQueueUserWorkItem(reader, preferLocal: false); // as a transport would: not on the writer's stack
        }
    }

    private void FreeWriterLocked()
    {
        _room?.TrySetResult();
        _room = null;
    }
}
