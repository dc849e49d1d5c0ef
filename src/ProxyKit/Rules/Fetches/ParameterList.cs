using System.Text;

namespace ProxyKit.Rules.Fetches;

/// <summary>Finds parameters of a query or a form: <c>name=value&amp;name=value</c>. Nothing is decoded.</summary>
internal static class ParameterList
{
    /// <summary>Finds the next parameter.</summary>
    /// <param name="text">The parameters.</param>
    /// <param name="start">Where to look from; receives where to go on.</param>
    /// <param name="name">Its name; empty for any that has a value.</param>
    /// <param name="ignoresCase">Whether the case of the name does not matter.</param>
    /// <param name="delimiter">What ends a parameter, besides <c>&amp;</c> and <c>;</c>.</param>
    /// <param name="value">The value.</param>
    public static bool TryFind(
        ReadOnlySpan<byte> text, scoped ref int start, ReadOnlySpan<byte> name, bool ignoresCase, byte delimiter, out ReadOnlySpan<byte> value)
    {
        while (start < text.Length)
        {
            var rest = text[start..];
            var end = rest.IndexOfAny((byte)'&', (byte)';', delimiter);
            var item = end < 0 ? rest : rest[..end];
            start += item.Length + 1;
            var equal = name.IsEmpty ? item.IndexOf((byte)'=') : name.Length;
            if (equal < 0 || equal >= item.Length || item[equal] != '=')
            {
                continue;
            }

            if (name.IsEmpty || (ignoresCase ? Ascii.EqualsIgnoreCase(item[..equal], name) : item[..equal].SequenceEqual(name)))
            {
                value = item[(equal + 1)..];
                return true;
            }
        }

        value = default;
        return false;
    }
}
