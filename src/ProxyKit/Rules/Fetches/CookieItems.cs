using ProxyKit.Http;

namespace ProxyKit.Rules.Fetches;

/// <summary>Takes the items of a Cookie or Set-Cookie field to pieces: <c>name=value; name=value</c>.</summary>
internal static class CookieItems
{
    /// <summary>Finds the next item.</summary>
    /// <param name="text">One value of the field.</param>
    /// <param name="start">Where to look from; receives where to go on.</param>
    /// <param name="name">The item's name; empty for any.</param>
    /// <param name="isList">Whether all items are cookies, as in Cookie; in Set-Cookie, only the first from where one looks can be.</param>
    /// <param name="foundName">The name found.</param>
    /// <param name="value">The item's value, its quotes included.</param>
    public static bool TryFind(
        ReadOnlySpan<byte> text,
        scoped ref int start,
        ReadOnlySpan<byte> name,
        bool isList,
        out ReadOnlySpan<byte> foundName,
        out ReadOnlySpan<byte> value)
    {
        // An item that is too short to have the name and a value is not looked at: HAProxy misses "n=" at the very end for this.
        while (start + name.Length + 1 < text.Length)
        {
            var nameStart = start;
            while (nameStart < text.Length && IsBlank(text[nameStart]))
            {
                nameStart++;
            }

            var equal = nameStart;
            while (equal < text.Length && text[equal] != '=' && text[equal] != ';' && !(isList && text[equal] == ','))
            {
                equal++;
            }

            foundName = text[nameStart..equal].TrimEnd(" \t"u8);
            var end = equal;
            if (equal < text.Length && text[equal] == '=')
            {
                var valueStart = equal + 1;
                while (valueStart < text.Length && IsBlank(text[valueStart]))
                {
                    valueStart++;
                }

                end = valueStart + QuotedStrings.EndBefore(text[valueStart..], (byte)';', (byte)',');
                value = text[valueStart..end].TrimEnd(" \t"u8);
                start = end + 1;
                if (!(nameStart < text.Length && text[nameStart] == '$'))
                {
                    if (name.IsEmpty || foundName.SequenceEqual(name))
                    {
                        return true;
                    }

                    if (!isList)
                    {
                        break;
                    }
                }
            }

            start = end + 1;
        }

        foundName = value = default;
        return false;
    }

    private static bool IsBlank(byte octet) => octet is (byte)' ' or (byte)'\t';
}
