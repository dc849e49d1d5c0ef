namespace ProxyKit.Metering.Journals;

/// <summary>Reads the blocks of one file, one after the other. Stops at the first that is not whole.</summary>
internal sealed class BlockReader : IDisposable
{
    private readonly FileStream _stream;
    private readonly List<(long Offset, long Bytes)> _damaged = [];
    private byte[] _block = new byte[64 * 1024];
    private int _length;
    private long _wholeUntil; // where the block ends that was read last

    /// <param name="path">The file.</param>
    /// <param name="from">Where in it a block begins: the first that is read.</param>
    /// <param name="lastBlock">The number of the block before that; 0 where it is not known.</param>
    public BlockReader(string path, long from = 0, long lastBlock = 0)
    {
        _stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 256 * 1024);
        (Position, LengthAtFirst, LastBlock, _wholeUntil) = (from, _stream.Length, lastBlock, from);
    }

    /// <summary>How much of the file was read and found whole.</summary>
    public long Position { get; private set; }

    /// <summary>How long the file is.</summary>
    public long Length => _stream.Length;

    /// <summary>How long it was when it was opened: somebody may be writing to it.</summary>
    public long LengthAtFirst { get; }

    /// <summary>The number of the first block that was read; 0 where there was none.</summary>
    public long FirstBlock { get; private set; }

    /// <summary>The number of the one that was read last; at first what is known of the one before.</summary>
    public long LastBlock { get; private set; }

    /// <summary>Where bytes were skipped, and, as places of no bytes, where by their numbers other blocks were.</summary>
    public IReadOnlyList<(long Offset, long Bytes)> Damaged => _damaged;

    /// <summary>How many bytes were skipped, since they are no block, and blocks follow behind them.</summary>
    public long DamagedBytes { get; private set; }

    /// <summary>The block that was read last.</summary>
    public ReadOnlySpan<byte> Block => _block.AsSpan(0, _length);

    /// <summary>Its records.</summary>
    public ReadOnlySpan<byte> Records => Block[JournalBlock.HeadBytes..];

    /// <summary>Reads the next block.</summary>
    /// <returns>Whether there is one.</returns>
    public bool TryRead()
    {
        if (!TryReadWhole())
        {
            return false;
        }

        var number = JournalBlock.NumberOf(Block);
        if (LastBlock > 0 && number != LastBlock + 1 && Position == _wholeUntil)
        {
            _damaged.Add((Position, 0));
        }

        (FirstBlock, LastBlock) = (FirstBlock == 0 ? number : FirstBlock, number);
        Position += _length;
        _wholeUntil = Position;
        return true;
    }

    /// <summary>Looks behind bytes that are no block for one that is.</summary>
    /// <remarks>Bytes that were no block may be one by now: that of a write that was under way. Blocks are written in their order, so where one is found behind
    /// them the write was over, and a second look at them tells whether they are damage.</remarks>
    /// <returns>Whether there is one; it was read.</returns>
    public bool TrySkipDamage()
    {
        var bad = Position;
        for (var at = FindMagic(bad + 1); at >= 0; at = FindMagic(at + 1))
        {
            Position = at;
            if (!TryReadWhole())
            {
                continue;
            }

            Position = bad;
            _stream.Flush(); // forgets what it holds of the file
            if (TryRead())
            {
                return true;
            }

            Position = at;
            if (TryRead())
            {
                DamagedBytes += at - bad;
                _damaged.Add((bad, at - bad));
                return true;
            }
        }

        Position = bad;
        return false;
    }

    /// <summary>Reads all that can be read, for what is found on the way.</summary>
    public void ReadToEnd()
    {
        while (TryRead() || TrySkipDamage())
        {
            // only the way matters
        }
    }

    public void Dispose() => _stream.Dispose();

    private bool TryReadWhole()
    {
        _stream.Position = Position;
        _length = 0;
        var length = _stream.ReadAtLeast(_block.AsSpan(0, JournalBlock.HeadBytes), JournalBlock.HeadBytes, throwOnEndOfStream: false) < JournalBlock.HeadBytes
            ? 0
            : JournalBlock.LengthOf(_block);
        if (length == 0 || length > _stream.Length - Position)
        {
            return false;
        }

        if (length > _block.Length)
        {
            Array.Resize(ref _block, length);
        }

        var rest = _block.AsSpan(JournalBlock.HeadBytes, length - JournalBlock.HeadBytes);
        if (_stream.ReadAtLeast(rest, rest.Length, throwOnEndOfStream: false) < rest.Length || !JournalBlock.IsWhole(_block.AsSpan(0, length)))
        {
            return false;
        }

        _length = length;
        return true;
    }

    private long FindMagic(long from)
    {
        Span<byte> window = stackalloc byte[4096];
        while (from < _stream.Length)
        {
            _stream.Position = from;
            var read = _stream.ReadAtLeast(window, window.Length, throwOnEndOfStream: false);
            var found = window[..read].IndexOf("PKUB"u8);
            if (found >= 0)
            {
                return from + found;
            }

            from += Math.Max(1, read - 3);
        }

        return -1;
    }
}
