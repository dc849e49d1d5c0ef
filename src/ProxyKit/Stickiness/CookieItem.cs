namespace ProxyKit.Stickiness;

/// <summary>One item of a Cookie or Set-Cookie field, as places in its text.</summary>
/// <param name="Start">Where it begins, the delimiter before it included.</param>
/// <param name="NameStart">Where its name begins.</param>
/// <param name="NameEnd">Behind its name.</param>
/// <param name="ValueStart">Where its value begins; <see cref="NameEnd"/> where there is none.</param>
/// <param name="ValueEnd">Behind its value.</param>
/// <param name="End">The delimiter behind it, or the end of the text.</param>
internal readonly record struct CookieItem(int Start, int NameStart, int NameEnd, int ValueStart, int ValueEnd, int End)
{
    /// <summary>Whether there is an equals sign, and with it a value, if an empty one.</summary>
    public bool HasValue => ValueStart > NameEnd;

    /// <summary>Reads an item.</summary>
    /// <param name="text">The field's value.</param>
    /// <param name="start">Where the item begins.</param>
    /// <param name="isFurther">Whether what stands there is the delimiter before it.</param>
    public static CookieItem Read(ReadOnlySpan<byte> text, int start, bool isFurther)
    {
        var nameStart = SkipBlanks(text, isFurther ? start + 1 : start);
        var equal = nameStart;
        while (equal < text.Length && text[equal] is not ((byte)'=' or (byte)';' or (byte)','))
        {
            equal++;
        }

        var nameEnd = TrimBlanks(text, nameStart, equal);
        if (equal == text.Length || text[equal] != '=')
        {
            return new(start, nameStart, nameEnd, nameEnd, nameEnd, equal);
        }

        var valueStart = SkipBlanks(text, equal + 1);
        var end = EndOfValue(text, valueStart);
        return new(start, nameStart, nameEnd, valueStart, TrimBlanks(text, valueStart, end), end);
    }

    public ReadOnlySpan<byte> NameIn(ReadOnlySpan<byte> text) => text[NameStart..NameEnd];

    public ReadOnlySpan<byte> ValueIn(ReadOnlySpan<byte> text) => text[ValueStart..ValueEnd];

    private static int SkipBlanks(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\t')
        {
            at++;
        }

        return at;
    }

    private static int TrimBlanks(ReadOnlySpan<byte> text, int from, int end)
    {
        while (end > from && text[end - 1] is (byte)' ' or (byte)'\t')
        {
            end--;
        }

        return end;
    }

    /// <summary>What stands in quotes ends nothing.</summary>
    private static int EndOfValue(ReadOnlySpan<byte> text, int at)
    {
        var isQuoted = false;
        for (; at < text.Length; at++)
        {
            switch (text[at])
            {
                case (byte)'"':
                    isQuoted = !isQuoted;
                    break;
                case (byte)'\\' when isQuoted:
                    at++;
                    break;
                case (byte)';' or (byte)',' when !isQuoted:
                    return at;
            }
        }

        return text.Length;
    }
}
