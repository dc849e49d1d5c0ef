using System.Runtime.CompilerServices;

namespace ProxyKit.Rules.Acls;

/// <summary>A short text that a value is compared with, which stands with whoever asks and not in objects of its own: most conditions have one
/// such, and each object on the way to it is likely to be in no near cache.</summary>
internal readonly struct ShortText
{
    /// <summary>How many bytes are short.</summary>
    public const int Most = 16;

    private readonly Room _room;
    private readonly byte _length;
    private readonly TextRelation _relation;
    private readonly bool _folds;

    /// <param name="key">The text; <see cref="Most"/> bytes at most.</param>
    /// <param name="relation">As for <see cref="PatternText.Matches"/>.</param>
    /// <param name="folds">Whether it is in lower case and values need not be.</param>
    public ShortText(ReadOnlySpan<byte> key, TextRelation relation, bool folds)
    {
        key.CopyTo(_room);
        (_length, _relation, _folds) = ((byte)key.Length, relation, folds);
    }

    /// <summary>Whether a value is to the text what it must be.</summary>
    public bool Matches(ReadOnlySpan<byte> value) => PatternText.Matches(value, ((ReadOnlySpan<byte>)_room)[.._length], _relation, _folds);

    [InlineArray(Most)]
    private struct Room
    {
        private byte _first;
    }
}
