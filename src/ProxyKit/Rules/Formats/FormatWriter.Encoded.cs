using System.Globalization;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Formats;

/// <summary>Values in JSON and CBOR.</summary>
internal ref partial struct FormatWriter
{
    private readonly bool IsCbor => (_flags & FormatFlags.Cbor) != 0;

    private readonly bool IsEncoded => (_flags & FormatFlags.Encoded) != 0;

    private readonly ReadOnlySpan<byte> ElementSeparator => IsCbor ? default : ", "u8;

    /// <summary>True or false. Only for items that are encoded: elsewhere expressions are text.</summary>
    public void EncodeTruth(bool value)
    {
        if (_cast is FormatCast.Integer or FormatCast.Text)
        {
            EncodeNumber(value ? 1 : 0);
        }
        else if (IsCbor)
        {
            Buffer.Append(value ? CborText.True : CborText.False);
        }
        else
        {
            Buffer.Append(value ? "true"u8 : "false"u8);
        }
    }

    private void EncodeText(scoped ReadOnlySpan<byte> text)
    {
        if (_cast is FormatCast.Integer or FormatCast.Boolean)
        {
            if (text.IsEmpty)
            {
                EncodeNull();
            }
            else
            {
                EncodeNumber(SampleCasts.NumberIn(text));
            }
        }
        else if (IsCbor)
        {
            CborText.AppendText(ref Buffer, text);
        }
        else
        {
            Buffer.Append((byte)'"');
            JsonText.Append(ref Buffer, text);
            Buffer.Append((byte)'"');
        }
    }

    private void EncodeNumber(long number)
    {
        switch (_cast)
        {
            case FormatCast.Boolean:
                EncodeTruth(number != 0);
                break;
            case FormatCast.Text:
                Span<byte> digits = stackalloc byte[20];
                number.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
                EncodeText(digits[..length]);
                break;
            case var _ when IsCbor:
                CborText.Append(ref Buffer, number);
                break;
            default:
                Buffer.Append(number);
                break;
        }
    }

    private void EncodeBytes(scoped ReadOnlySpan<byte> bytes)
    {
        if (IsCbor)
        {
            CborText.AppendBytes(ref Buffer, bytes);
        }
        else
        {
            EncodeText(bytes); // JSON has no bytes
        }
    }

    private void EncodeNull()
    {
        if (IsCbor)
        {
            Buffer.Append(CborText.Null);
        }
        else
        {
            Buffer.Append("null"u8);
        }
    }

    private void EncodeTextStart() => Buffer.Append(IsCbor ? CborText.TextStart : (byte)'"');

    private void EncodePiece(scoped ReadOnlySpan<byte> piece)
    {
        if (IsCbor)
        {
            CborText.AppendText(ref Buffer, piece);
        }
        else
        {
            JsonText.Append(ref Buffer, piece);
        }
    }

    private void EncodeTextEnd() => Buffer.Append(IsCbor ? CborText.End : (byte)'"');

    private void EncodeListStart() => Buffer.Append(IsCbor ? CborText.ArrayStart : (byte)'[');

    private void EncodeListEnd() => Buffer.Append(IsCbor ? CborText.End : (byte)']');
}
