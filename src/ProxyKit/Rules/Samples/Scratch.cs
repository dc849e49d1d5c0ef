namespace ProxyKit.Rules.Samples;

/// <summary>Space for what converters and formats make while a rule runs: handed out from one end, taken back all at once. Kept with its
/// context, so that a warm rule allocates nothing.</summary>
internal sealed class Scratch
{
    /// <summary>How much one result may be: HAProxy's <c>tune.bufsize</c>, beyond which converters cut or fail.</summary>
    public const int MaxResult = 16384;

    private const int FirstChunk = 1024;
    private const int Chunk = 2 * MaxResult;
    private const int KeptChunks = 2;

    private readonly List<byte[]> _chunks = [];
    private byte[] _current = [];
    private int _chunk = -1; // which one that is
    private int _used; // of the current one

    /// <summary>Room for <paramref name="length"/> bytes, of unspecified content; valid until the next <see cref="Reset"/>.</summary>
    public Span<byte> Rent(int length)
    {
        if (_used + length > _current.Length)
        {
            GoOn(length);
        }

        _used += length;
        return _current.AsSpan(_used - length, length);
    }

    /// <summary>Gives back what the last <see cref="Rent"/> was too generous with.</summary>
    /// <param name="rented">What was rented last.</param>
    /// <param name="kept">How much of it is used.</param>
    public Span<byte> Shrink(Span<byte> rented, int kept)
    {
        _used -= rented.Length - kept;
        return rented[..kept];
    }

    /// <summary>A copy of bytes that may change under somebody.</summary>
    public ReadOnlySpan<byte> Copy(ReadOnlySpan<byte> bytes)
    {
        var copy = Rent(bytes.Length);
        bytes.CopyTo(copy);
        return copy;
    }

    /// <summary>Holds no space any more; nothing that was handed out is in use.</summary>
    public void Drop()
    {
        _chunks.Clear();
        _current = [];
        (_chunk, _used) = (-1, 0);
    }

    /// <summary>Takes all of it back: nothing rented is valid any more.</summary>
    public void Reset()
    {
        if (_chunk > 0)
        {
            ReturnToFirst();
        }

        _used = 0;
    }

    /// <summary>Makes the next chunk that has the room the current one.</summary>
    private void GoOn(int length)
    {
        do
        {
            _chunk++;
            if (_chunk == _chunks.Count)
            {
                _chunks.Add(new byte[Math.Max(_chunk == 0 ? FirstChunk : Chunk, length)]);
            }
        }
        while (length > _chunks[_chunk].Length);
        (_current, _used) = (_chunks[_chunk], 0);
    }

    private void ReturnToFirst()
    {
        if (_chunks.Count > KeptChunks)
        {
            _chunks.RemoveRange(KeptChunks, _chunks.Count - KeptChunks);
        }

        (_current, _chunk) = (_chunks[0], 0);
    }
}
