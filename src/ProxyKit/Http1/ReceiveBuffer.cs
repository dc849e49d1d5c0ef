using System.Diagnostics;
using ProxyKit.Transport;

namespace ProxyKit.Http1;

/// <summary>What has arrived on a connection and is not consumed yet, in one contiguous array. Rents the array when there is something to
/// receive and gives it back when it is empty and nobody refers to it, so that an idle connection holds none.</summary>
/// <remarks>A request's head stays readable to the end of its exchange: <see cref="Keep"/> guards the bytes before a position, and where the
/// body needs a larger array, the one with the head is set aside until <see cref="ReleaseKept"/>.</remarks>
internal sealed class ReceiveBuffer(BufferPool pool)
{
    /// <summary>Left free before and behind what is received, for the chunk framing that may be put around it.</summary>
    private const int Reserve = 16;

    /// <summary>Receives into less than this are not worth a system call.</summary>
    private const int LeastReceive = 2048;

    private byte[]? _array;
    private byte[]? _aside;
    private int _floor; // bytes before it are kept

    /// <summary>Where its arrays come from.</summary>
    public BufferPool Pool => pool;

    public byte[] Array => _array ?? [];

    public int Start { get; private set; }

    public int End { get; private set; }

    public int Length => End - Start;

    /// <summary>How many bytes were consumed so far, of all messages.</summary>
    public long Consumed { get; private set; }

    public Span<byte> Unread => _array.AsSpan(Start, End - Start);

    /// <summary>How many bytes before <paramref name="position"/> are nobody's.</summary>
    public int HeadRoom(int position) => position - _floor;

    /// <summary>How many bytes from <paramref name="position"/> on are nobody's, with everything from <see cref="Start"/> on being unread.</summary>
    public int TailRoom(int position) => (Length > 0 ? Start : Array.Length) - position;

    public void Consume(int count)
    {
        Debug.Assert(count <= Length, "no more than there is");
        Start += count;
        Consumed += count;
    }

    /// <summary>Guards what was consumed so far until <see cref="ReleaseKept"/>.</summary>
    public void Keep() => _floor = Start;

    /// <summary>Moves what is guarded to an array of about its size, for as long as the guard lasts, and gives the large one back: for a wait
    /// that may be long.</summary>
    /// <param name="from">Where that begins which somebody still needs.</param>
    /// <returns>The array, which begins with it; null where all stays where it is, since more than that lies there or it is long.</returns>
    public byte[]? TryMoveKept(int from)
    {
        var length = _floor - from;
        if (_array is null || _aside is not null || Length > 0 || length is <= 0 or > BufferPool.MostSmall)
        {
            return null;
        }

        _aside = pool.RentSmall(length);
        _array.AsSpan(from, length).CopyTo(_aside);
        pool.Return(_array);
        _array = null;
        _floor = Start = End = 0;
        return _aside;
    }

    /// <summary>Ends the guard; gives back what is empty by that.</summary>
    public void ReleaseKept()
    {
        _floor = 0;
        if (_aside is not null)
        {
            pool.Return(_aside);
            _aside = null;
        }

        ReleaseIfEmpty();
    }

    public void ReleaseIfEmpty()
    {
        if (_array is not null && Start == End && _floor == 0)
        {
            pool.Return(_array);
            _array = null;
            Start = End = 0;
        }
    }

    /// <summary>Hands the array over with all that was consumed of it, for who still reads that and returns it to the pool.</summary>
    /// <param name="array">The array; null where there is none.</param>
    /// <returns>Whether that could be: nothing is unread, and a head lies in the same array.</returns>
    public bool TryDetach(out byte[]? array)
    {
        array = null;
        if (Length > 0 || _aside is not null)
        {
            return false;
        }

        (array, _array) = (_array, null);
        _floor = Start = End = 0;
        return true;
    }

    /// <summary>Takes out what is unread, as a copy, and gives the rest back.</summary>
    public byte[] TakeAll()
    {
        var unread = Unread.ToArray();
        Release();
        return unread;
    }

    /// <summary>Gives everything back, read or not.</summary>
    public void Release()
    {
        End = Start;
        _floor = 0;
        ReleaseKept();
    }

    /// <summary>Moves what is unread to the front where a head of <paramref name="size"/> bytes would not fit behind it. Positions change
    /// then.</summary>
    public bool TryCompactFor(int size)
    {
        if (_array is null || _array.Length - Reserve - Start > size || Start <= Reserve || _floor != 0)
        {
            return false;
        }

        var length = Length;
        Unread.CopyTo(_array.AsSpan(Reserve));
        Start = Reserve;
        End = Reserve + length;
        return true;
    }

    /// <summary>Takes in what somebody else has received: a head's worth at most, before anything else has come.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        MakeRoom(expectsMuch: false);
        Debug.Assert(bytes.Length <= _array!.Length - Reserve - End, "no more than one of these buffers has held");
        bytes.CopyTo(_array.AsSpan(End));
        End += bytes.Length;
    }

    /// <summary>Receives behind what is there, up to <paramref name="limit"/> bytes.</summary>
    /// <returns>False when nothing has arrived; the array is then given back if it is empty.</returns>
    public bool TryReceive(Connection connection, long limit, bool expectsMuch, out IoResult result)
    {
        MakeRoom(expectsMuch);
        var free = (int)Math.Min(_array!.Length - Reserve - End, limit); // rented by MakeRoom
        if (free <= 0)
        {
            result = IoResult.Failed(TransportError.Other); // callers make sure that this cannot be: a head over its limit is refused before
            return true;
        }

        if (!connection.TryReceive(_array.AsSpan(End, free), out result))
        {
            ReleaseIfEmpty();
            return false;
        }

        if (!result.HasError)
        {
            End += result.Bytes;
        }

        return true;
    }

    private void MakeRoom(bool expectsMuch)
    {
        if (_array is null)
        {
            _array = expectsMuch ? pool.RentBulk() : pool.RentHead();
            Start = End = Reserve;
            return;
        }

        if (Start != End)
        {
            return;
        }

        if (expectsMuch && _array.Length < BufferPool.BulkSize)
        {
            Replace(pool.RentBulk());
        }
        else if (_array.Length - Reserve - Math.Max(_floor, Reserve) >= LeastReceive)
        {
            Start = End = Math.Max(_floor, Reserve);
        }
        else
        {
            Replace(pool.RentHead());
        }
    }

    private void Replace(byte[] array)
    {
        if (_floor > 0 && _aside is null)
        {
            _aside = _array;
        }
        else
        {
            pool.Return(_array!); // called with one rented
        }

        _array = array;
        _floor = 0;
        Start = End = Reserve;
    }
}
