using System.Text;
using ProxyKit.Http;

namespace ProxyKit.Http1;

/// <summary>Reads the fields that say how long a body is (RFC 9112 §6), and leaves one reading of them behind.</summary>
internal static class FramingFields
{
    /// <summary>Merges all Content-Length fields, which have to agree, into one with one plain number.</summary>
    public static Refusal? ReadContentLength(HeaderBlock headers, out ulong length)
    {
        length = 0;
        var first = headers.IndexOf(KnownHeader.ContentLength);
        for (var index = first; index >= 0; index = headers.IndexOf(KnownHeader.ContentLength, index + 1))
        {
            var isFirstElement = index == first;
            foreach (var element in new ListElements(headers.ValueAt(index)))
            {
                if (!TryParseNumber(element, out var number) || (!isFirstElement && number != length))
                {
                    return Refusal.ContentLength;
                }

                length = number;
                isFirstElement = false;
            }

            if (index == first)
            {
                KeepNumber(headers, first);
            }
            else
            {
                headers.RemoveAt(index);
            }
        }

        return null;
    }

    /// <summary>Checks that the codings of all Transfer-Encoding fields together are exactly <c>chunked</c>.</summary>
    public static Refusal? ReadTransferEncoding(HeaderBlock headers)
    {
        var isChunked = false;
        var hasOther = false;
        for (var index = headers.IndexOf(KnownHeader.TransferEncoding); index >= 0;
            index = headers.IndexOf(KnownHeader.TransferEncoding, index + 1))
        {
            foreach (var element in new ListElements(headers.ValueAt(index)))
            {
                if (isChunked || element.IsEmpty)
                {
                    return Refusal.TransferEncoding; // nothing may follow chunked
                }

                if (Ascii.EqualsIgnoreCase(element, "chunked"u8))
                {
                    isChunked = true;
                    headers.LowerValueAt(index); // a server that compares with case must come to the same reading
                }
                else
                {
                    hasOther = true;
                }
            }
        }

        return !isChunked ? Refusal.TransferEncoding : hasOther ? Refusal.TransferCoding : null;
    }

    /// <summary>Leaves the first number of a list, without leading zeros, as the field's value.</summary>
    private static void KeepNumber(HeaderBlock headers, int index)
    {
        var value = headers.ValueAt(index);
        var end = value.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        end = end < 0 ? value.Length : end;
        var start = 0;
        while (start < end - 1 && value[start] == '0')
        {
            start++;
        }

        if (start > 0 || end < value.Length)
        {
            headers.NarrowValueAt(index, start, end - start);
        }
    }

    private static bool TryParseNumber(ReadOnlySpan<byte> digits, out ulong number)
    {
        number = 0;
        foreach (var digit in digits)
        {
            var value = (uint)(digit - '0');
            if (value > 9 || number > (ulong.MaxValue - value) / 10)
            {
                return false;
            }

            number = (number * 10) + value;
        }

        return !digits.IsEmpty;
    }
}
