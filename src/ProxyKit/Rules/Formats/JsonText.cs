using System.Buffers;
using System.Text;

namespace ProxyKit.Rules.Formats;

/// <summary>Writes bytes as the inside of a JSON string (RFC 8259 §7). What is no UTF-8 becomes the character of its byte's number, so that
/// the text stays readable and nothing is lost.</summary>
internal static class JsonText
{
    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        [.. Enumerable.Range(' ', '~' - ' ' + 1).Where(static b => b is not ('"' or '\\')).Select(static b => (byte)b)]);

    public static void Append(ref FormatBuffer buffer, scoped ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOfAnyExcept(Plain);
            if (end < 0)
            {
                buffer.Append(bytes);
                return;
            }

            buffer.Append(bytes[..end]);
            bytes = bytes[end..];
            var length = 1;
            if (bytes[0] >= 0x80 && Rune.DecodeFromUtf8(bytes, out _, out var runeLength) == OperationStatus.Done)
            {
                length = runeLength;
                buffer.Append(bytes[..length]);
            }
            else
            {
                AppendEscape(ref buffer, bytes[0]);
            }

            bytes = bytes[length..];
        }
    }

    private static void AppendEscape(ref FormatBuffer buffer, byte value)
    {
        buffer.Append((byte)'\\');
        switch (value)
        {
            case (byte)'"' or (byte)'\\':
                buffer.Append(value);
                break;
            case (byte)'\b':
                buffer.Append((byte)'b');
                break;
            case (byte)'\f':
                buffer.Append((byte)'f');
                break;
            case (byte)'\n':
                buffer.Append((byte)'n');
                break;
            case (byte)'\r':
                buffer.Append((byte)'r');
                break;
            case (byte)'\t':
                buffer.Append((byte)'t');
                break;
            default:
                buffer.Append("u00"u8);
                buffer.AppendHex(value);
                break;
        }
    }
}
