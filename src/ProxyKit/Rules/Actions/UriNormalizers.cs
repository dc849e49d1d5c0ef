using System.Buffers;

namespace ProxyKit.Rules.Actions;

/// <summary>The normalizers themselves: each writes the normal form of a text to a place that is large enough, and says how long it is; -1 for a text
/// that is refused.</summary>
internal static class UriNormalizers
{
    private static readonly SearchValues<byte> Unreserved =
        SearchValues.Create("-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz~"u8);

    /// <summary>Makes one slash of several.</summary>
    public static int MergeSlashes(ReadOnlySpan<byte> path, Span<byte> result)
    {
        var written = 0;
        foreach (var value in path)
        {
            if (value != '/' || written == 0 || result[written - 1] != '/')
            {
                result[written++] = value;
            }
        }

        return written;
    }

    /// <summary>Takes <c>.</c> segments out (RFC 3986 §5.2.4).</summary>
    public static int StripDot(ReadOnlySpan<byte> path, Span<byte> result)
    {
        var written = 0;
        for (var start = 0; start <= path.Length;)
        {
            var end = SegmentEnd(path, start);
            var segment = path[start..end];
            var isLast = end == path.Length;
            if (!segment.SequenceEqual("."u8) || start == 0)
            {
                segment.CopyTo(result[written..]);
                written += segment.Length;
                if (!isLast)
                {
                    result[written++] = (byte)'/';
                }
            }

            start = end + 1;
        }

        return written;
    }

    /// <summary>Takes <c>..</c> segments out, each with the one before it.</summary>
    /// <param name="path">The path.</param>
    /// <param name="result">The place.</param>
    /// <param name="full">Whether those with none before them go too.</param>
    public static int StripDotDot(ReadOnlySpan<byte> path, Span<byte> result, bool full)
    {
        var written = 0;
        var root = path.StartsWith("/"u8) ? 1 : 0;
        var kept = root; // behind the segments that nothing may take away
        path[..root].CopyTo(result);
        written = root;
        for (var start = root; start <= path.Length;)
        {
            var end = SegmentEnd(path, start);
            var segment = path[start..end];
            var isLast = end == path.Length;
            if (segment.SequenceEqual(".."u8))
            {
                if (written > kept)
                {
                    written = result[..(written - 1)].LastIndexOf((byte)'/') + 1; // what is there ends in a slash
                }
                else if (!full)
                {
                    "../"u8.CopyTo(result[written..]);
                    written += 3;
                    kept = written;
                }
            }
            else
            {
                segment.CopyTo(result[written..]);
                written += segment.Length;
                if (!isLast)
                {
                    result[written++] = (byte)'/';
                }
            }

            start = end + 1;
        }

        return written;
    }

    /// <summary>Writes the digits of <c>%hh</c> in capitals.</summary>
    public static int PercentToUpperCase(ReadOnlySpan<byte> text, Span<byte> result, bool strict)
    {
        text.CopyTo(result);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '%')
            {
                continue;
            }

            if (ValueAt(text, i) >= 0)
            {
                result[i + 1] = Upper(text[i + 1]);
                result[i + 2] = Upper(text[i + 2]);
                i += 2;
            }
            else if (strict)
            {
                return -1;
            }
        }

        return text.Length;

        static byte Upper(byte digit) => digit >= 'a' ? (byte)(digit - 32) : digit;
    }

    /// <summary>Decodes <c>%hh</c> of what needs no encoding (RFC 3986 §2.3).</summary>
    public static int PercentDecodeUnreserved(ReadOnlySpan<byte> text, Span<byte> result, bool strict)
    {
        var written = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var value = text[i] == '%' ? ValueAt(text, i) : -1;
            if (text[i] == '%' && value < 0 && strict)
            {
                return -1;
            }

            if (value >= 0 && Unreserved.Contains((byte)value))
            {
                result[written++] = (byte)value;
                i += 2;
            }
            else if (value >= 0)
            {
                text.Slice(i, 3).CopyTo(result[written..]);
                written += 3;
                i += 2;
            }
            else
            {
                result[written++] = text[i];
            }
        }

        return written;
    }

    /// <summary>Cuts the text before a number sign.</summary>
    public static int FragmentStrip(ReadOnlySpan<byte> text, Span<byte> result)
    {
        var end = text.IndexOf((byte)'#');
        text = end < 0 ? text : text[..end];
        text.CopyTo(result);
        return text.Length;
    }

    /// <summary>Writes number signs as <c>%23</c>.</summary>
    public static int FragmentEncode(ReadOnlySpan<byte> text, Span<byte> result)
    {
        var written = 0;
        foreach (var value in text)
        {
            if (value == '#')
            {
                "%23"u8.CopyTo(result[written..]);
                written += 3;
            }
            else
            {
                result[written++] = value;
            }
        }

        return written;
    }

    /// <summary>Sorts parameters by name, in time that no query can make long. A sign behind the last one goes, as in HAProxy: there is no
    /// parameter behind it.</summary>
    public static int SortQuery(ReadOnlySpan<byte> query, Span<byte> result)
    {
        query = query.EndsWith((byte)'&') ? query[..^1] : query;
        var count = query.Count((byte)'&') + 1;
        var rented = ArrayPool<(int Start, int Length)>.Shared.Rent(2 * count);
        var parts = rented.AsSpan(0, count);
        var other = rented.AsSpan(count, count);
        var start = 0;
        for (var i = 0; i < count; i++)
        {
            var length = query[start..].IndexOf((byte)'&');
            parts[i] = (start, length < 0 ? query.Length - start : length);
            start += parts[i].Length + 1;
        }

        // Merges runs of twice the length each time: stable, and without an object that compares.
        for (var width = 1; width < count; width *= 2)
        {
            for (var first = 0; first < count; first += 2 * width)
            {
                var middle = Math.Min(first + width, count);
                Merge(query, parts[first..middle], parts[middle..Math.Min(first + (2 * width), count)], other[first..]);
            }

            var swap = parts;
            parts = other;
            other = swap;
        }

        var written = 0;
        foreach (var (from, length) in parts)
        {
            if (written > 0 || from != parts[0].Start)
            {
                result[written++] = (byte)'&';
            }

            query.Slice(from, length).CopyTo(result[written..]);
            written += length;
        }

        ArrayPool<(int Start, int Length)>.Shared.Return(rented);
        return written;
    }

    private static void Merge(
        ReadOnlySpan<byte> query, Span<(int Start, int Length)> left, Span<(int Start, int Length)> right, Span<(int Start, int Length)> into)
    {
        var (l, r) = (0, 0);
        while (l < left.Length || r < right.Length)
        {
            var takesLeft = r == right.Length
                || (l < left.Length && NameOf(query, left[l]).SequenceCompareTo(NameOf(query, right[r])) <= 0);
            into[l + r] = takesLeft ? left[l] : right[r];
            _ = takesLeft ? l++ : r++;
        }
    }

    private static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> query, (int Start, int Length) part)
    {
        var text = query.Slice(part.Start, part.Length);
        return text.IndexOf((byte)'=') is >= 0 and var end ? text[..end] : text;
    }

    private static int SegmentEnd(ReadOnlySpan<byte> path, int start)
    {
        var length = path[start..].IndexOf((byte)'/');
        return length < 0 ? path.Length : start + length;
    }

    /// <summary>The byte that <c>%hh</c> stands for; -1 where it does not.</summary>
    private static int ValueAt(ReadOnlySpan<byte> text, int index) =>
        index + 2 < text.Length && char.IsAsciiHexDigit((char)text[index + 1]) && char.IsAsciiHexDigit((char)text[index + 2])
            ? (Digit(text[index + 1]) << 4) | Digit(text[index + 2])
            : -1;

    private static int Digit(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
