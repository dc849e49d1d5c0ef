using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace ProxyKit.Rules.Formats;

/// <summary>Writes values in CBOR (RFC 8949): what a format needs of it.</summary>
internal static class CborText
{
    public const byte MapStart = 0xBF; // of a length that its end tells
    public const byte ArrayStart = 0x9F;
    public const byte TextStart = 0x7F;
    public const byte End = 0xFF;
    public const byte False = 0xF4;
    public const byte True = 0xF5;
    public const byte Null = 0xF6;

    private const int UnsignedType = 0, NegativeType = 1, BytesType = 2, TextType = 3;

    public static void Append(ref FormatBuffer buffer, long number) =>
        AppendHead(ref buffer, number < 0 ? NegativeType : UnsignedType, (ulong)(number < 0 ? ~number : number));

    /// <summary>Text. As in <see cref="JsonText"/>, what is no UTF-8 becomes the character of its byte's number.</summary>
    public static void AppendText(ref FormatBuffer buffer, scoped ReadOnlySpan<byte> text)
    {
        if (Utf8.IsValid(text))
        {
            AppendHead(ref buffer, TextType, (ulong)text.Length);
            buffer.Append(text);
            return;
        }

        var mended = new FormatBuffer(2 * text.Length);
        try
        {
            Mend(ref mended, text);
            AppendHead(ref buffer, TextType, (ulong)mended.Length);
            buffer.Append(mended.Written);
        }
        finally
        {
            mended.Dispose();
        }
    }

    public static void AppendBytes(ref FormatBuffer buffer, scoped ReadOnlySpan<byte> bytes)
    {
        AppendHead(ref buffer, BytesType, (ulong)bytes.Length);
        buffer.Append(bytes);
    }

    private static void Mend(ref FormatBuffer buffer, scoped ReadOnlySpan<byte> text)
    {
        Span<byte> two = stackalloc byte[2];
        while (!text.IsEmpty)
        {
            var isValid = Rune.DecodeFromUtf8(text, out _, out var length) == OperationStatus.Done;
            if (isValid)
            {
                buffer.Append(text[..length]);
            }
            else
            {
                length = 1;
                buffer.Append(two[..new Rune(text[0]).EncodeToUtf8(two)]);
            }

            text = text[length..];
        }
    }

    private static void AppendHead(ref FormatBuffer buffer, int majorType, ulong argument)
    {
        var (information, length) = argument switch
        {
            < 24 => ((int)argument, 0),
            <= byte.MaxValue => (24, 1),
            <= ushort.MaxValue => (25, 2),
            <= uint.MaxValue => (26, 4),
            _ => (27, 8),
        };
        buffer.Append((byte)((majorType << 5) | information));
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, argument);
        buffer.Append(bytes[(8 - length)..]);
    }
}
