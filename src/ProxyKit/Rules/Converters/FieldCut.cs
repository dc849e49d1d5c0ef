namespace ProxyKit.Rules.Converters;

/// <summary>Finds fields and words of a text by their number. Fields lie between any two separators; words are the fields that are not
/// empty.</summary>
internal static class FieldCut
{
    /// <param name="text">The text.</param>
    /// <param name="separators">The bytes that separate.</param>
    /// <param name="index">Which field, from 1.</param>
    /// <param name="count">How many from there on; 0 or less for all.</param>
    /// <param name="skipsEmpty">Whether words are meant.</param>
    /// <param name="found">Where they lie, with what is between them. Where fewer are left than asked for, to the end of the text.</param>
    public static bool TryFromStart(
        ReadOnlySpan<byte> text, ReadOnlySpan<byte> separators, long index, long count, bool skipsEmpty, out Range found)
    {
        var first = -1;
        var start = 0;
        while (true)
        {
            var length = text[start..].IndexOfAny(separators);
            var end = length < 0 ? text.Length : start + length;
            if (!(skipsEmpty && end == start) && --index <= 0)
            {
                first = first < 0 ? start : first;
                if (count > 0 && --count == 0)
                {
                    found = first..end;
                    return true;
                }
            }

            if (length < 0)
            {
                found = Math.Max(first, 0)..text.Length;
                return first >= 0;
            }

            start = end + 1;
        }
    }

    /// <summary>The same, counted and taken from the end of the text.</summary>
    public static bool TryFromEnd(
        ReadOnlySpan<byte> text, ReadOnlySpan<byte> separators, long index, long count, bool skipsEmpty, out Range found)
    {
        var last = -1;
        var end = text.Length;
        while (true)
        {
            var start = text[..end].LastIndexOfAny(separators) + 1;
            if (!(skipsEmpty && end == start) && --index <= 0)
            {
                last = last < 0 ? end : last;
                if (count > 0 && --count == 0)
                {
                    found = start..last;
                    return true;
                }
            }

            if (start == 0)
            {
                found = 0..Math.Max(last, 0);
                return last >= 0;
            }

            end = start - 1;
        }
    }
}
