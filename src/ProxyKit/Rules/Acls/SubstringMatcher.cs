using System.Buffers;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Acls;

/// <summary>Patterns that the value must have somewhere, free or between delimiters.</summary>
internal sealed class SubstringMatcher : PatternMatcher
{
    private readonly SearchValues<byte>? _delimiters;
    private readonly KeyGroups _groups;
    private readonly KeyAutomaton _automaton;

    /// <param name="entries">The patterns, in the order of the file.</param>
    /// <param name="keys">The bytes of each, without delimiters around them.</param>
    /// <param name="delimiters">What must stand before and behind; null for anything.</param>
    public SubstringMatcher(ReadOnlySpan<PatternEntry> entries, ReadOnlySpan<byte[]> keys, SearchValues<byte>? delimiters)
    {
        _delimiters = delimiters;
        _groups = new(entries, keys);
        _automaton = new(_groups.Keys);
    }

    public override void Find(in Sample sample, ref PatternHit hit)
    {
        var text = sample.Bytes;
        if (_automaton.HasEmptyKey && _delimiters is null)
        {
            _groups.Offer(0, ref hit); // which is everywhere, and sorted first
        }

        var places = _automaton.In(text);
        while (!hit.IsEnough && places.MoveNext())
        {
            if (_delimiters is null || IsDelimited(text, places.End - _groups.Keys[places.Key].Length, places.End))
            {
                _groups.Offer(places.Key, ref hit);
            }
        }
    }

    private bool IsDelimited(ReadOnlySpan<byte> text, int start, int end) =>
        (start == 0 || _delimiters!.Contains(text[start - 1])) && (end == text.Length || _delimiters!.Contains(text[end]));
}
