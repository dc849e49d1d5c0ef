using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Converters;

/// <summary>Puts a result together in the scratch space. Nothing else may be rented there until it is finished. What goes beyond the room
/// is dropped and remembered: some converters cut their results, others have none.</summary>
internal ref struct ResultWriter
{
    private readonly Scratch _scratch;
    private readonly Span<byte> _room;
    private int _written;

    /// <param name="context">Whose scratch space it is.</param>
    /// <param name="length">How long the result may become; more than a result may be is not given.</param>
    public ResultWriter(RuleContext context, int length)
    {
        _scratch = context.Scratch;
        _room = _scratch.Rent(Math.Min(length, Scratch.MaxResult));
    }

    /// <summary>How much was written.</summary>
    public readonly int Length => _written;

    /// <summary>Whether something did not fit.</summary>
    public bool IsCut { get; private set; }

    /// <summary>The room that is left; what was put there counts after <see cref="Advance"/>.</summary>
    public readonly Span<byte> Free => _room[_written..];

    public void Advance(int count) => _written += count;

    public void Write(byte value)
    {
        if (_written < _room.Length)
        {
            _room[_written++] = value;
        }
        else
        {
            IsCut = true;
        }
    }

    public void Write(scoped ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _room.Length - _written)
        {
            bytes = bytes[..(_room.Length - _written)];
            IsCut = true;
        }

        bytes.CopyTo(_room[_written..]);
        _written += bytes.Length;
    }

    /// <summary>What was written from a place on.</summary>
    public readonly Span<byte> Written(int start) => _room[start.._written];

    /// <summary>Puts bytes in front of what was written from a place on.</summary>
    public void Insert(int start, byte value, int count)
    {
        IsCut |= count > _room.Length - _written;
        count = Math.Min(count, _room.Length - _written);
        _room[start.._written].CopyTo(_room[(start + count)..]);
        _room.Slice(start, count).Fill(value);
        _written += count;
    }

    /// <summary>What was written; the rest of the room goes back.</summary>
    public readonly Span<byte> Finish() => _scratch.Shrink(_room, _written);
}
