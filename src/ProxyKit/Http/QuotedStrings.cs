namespace ProxyKit.Http;

/// <summary>Field values in which quoted strings hide what would part them (RFC 9110 §5.6.4).</summary>
internal static class QuotedStrings
{
    /// <summary>Where the first comma stands that is in no quoted string; the length where there is none.</summary>
    public static int EndOfElement(ReadOnlySpan<byte> text) => EndBefore(text, (byte)',', (byte)',');

    /// <summary>Where the first of two delimiters stands that is in no quoted string; the length where there is none.</summary>
    public static int EndBefore(ReadOnlySpan<byte> text, byte delimiter, byte other)
    {
        var end = text.IndexOfAny(delimiter, other, (byte)'"');
        if (end < 0)
        {
            return text.Length;
        }

        var isQuoted = false;
        for (; end < text.Length; end++)
        {
            var octet = text[end];
            if (octet == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (isQuoted && octet == '\\')
            {
                end++;
            }
            else if (!isQuoted && (octet == delimiter || octet == other))
            {
                return end;
            }
        }

        return text.Length;
    }
}
