using System.Formats.Asn1;
using System.Globalization;
using System.Text;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Fetches;

/// <summary>Reads a name of a certificate (RFC 5280 §4.1.2.4) where it lies in its DER.</summary>
internal readonly ref struct DistinguishedName(ReadOnlySpan<byte> der)
{
    private const int MaxEntries = 64; // far beyond any name, and room for where each one lies

    private readonly ReadOnlySpan<byte> _der = der;

    /// <summary>The value of an entry by its short name, in any case.</summary>
    /// <param name="name">The name.</param>
    /// <param name="occurrence">Which one of that name: 1 is the first, -1 the last; 0 is none.</param>
    /// <param name="value">Its bytes, as they are encoded.</param>
    public bool TryFind(ReadOnlySpan<byte> name, long occurrence, out ReadOnlySpan<byte> value)
    {
        Span<Entry> entries = stackalloc Entry[MaxEntries];
        var count = Read(entries);
        var step = occurrence < 0 ? -1 : 1;
        for (var i = occurrence < 0 ? count - 1 : 0; i >= 0 && i < count; i += step)
        {
            if (Ascii.EqualsIgnoreCase(NameOf(entries[i]), name) && (occurrence -= step) == 0)
            {
                value = _der[entries[i].Value];
                return !value.Contains((byte)0);
            }
        }

        value = default;
        return false;
    }

    /// <summary>How many entries have a short name, in any case.</summary>
    public int CountOf(ReadOnlySpan<byte> name)
    {
        Span<Entry> entries = stackalloc Entry[MaxEntries];
        var count = 0;
        foreach (ref readonly var entry in entries[..Read(entries)])
        {
            count += Ascii.EqualsIgnoreCase(NameOf(entry), name) ? 1 : 0;
        }

        return count;
    }

    /// <summary>Whether the bytes of all values are their text: those of other types may spell one thing and mean another.</summary>
    public bool IsPlainText
    {
        get
        {
            Span<Entry> entries = stackalloc Entry[MaxEntries];
            foreach (ref readonly var entry in entries[..Read(entries)])
            {
                if (!entry.IsPlainText)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Writes it as <c>/C=FR/O=Company</c>, in its own order and with nothing escaped.</summary>
    public bool TryWriteLine(RuleContext context, ref Sample sample)
    {
        Span<Entry> entries = stackalloc Entry[MaxEntries];
        var text = context.Scratch.Rent(Scratch.MaxResult);
        var length = 0;
        foreach (ref readonly var entry in entries[..Read(entries)])
        {
            var value = _der[entry.Value];
            if (value.Contains((byte)0) || !Put("/"u8, text, ref length) || !PutName(entry, text, ref length) || !Put("="u8, text, ref length)
                || !Put(value, text, ref length))
            {
                return false;
            }
        }

        return sample.SetString(context.Scratch.Shrink(text, length));
    }

    /// <summary>Writes it as alternative names have it: <c>C = FR, O = Company</c>.</summary>
    /// <returns>False where it does not fit.</returns>
    public bool TryWriteOneLine(Span<byte> text, ref int length)
    {
        Span<Entry> entries = stackalloc Entry[MaxEntries];
        var count = Read(entries);
        for (var i = 0; i < count; i++)
        {
            if ((i > 0 && !Put(entries[i].ContinuesSet ? " + "u8 : ", "u8, text, ref length)) || !PutName(entries[i], text, ref length)
                || !Put(" = "u8, text, ref length) || !PutEscaped(_der[entries[i].Value], text, ref length))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Writes it by RFC 2253: <c>O=Company,C=FR</c>, the last entry first.</summary>
    public bool TryWriteRfc2253(RuleContext context, ref Sample sample)
    {
        var text = context.Scratch.Rent(Scratch.MaxResult);
        var length = 0;
        return TryWriteRfc2253(text, ref length) && sample.SetString(context.Scratch.Shrink(text, length));
    }

    /// <summary>The same, behind what a text has already.</summary>
    /// <returns>False where it does not fit.</returns>
    public bool TryWriteRfc2253(Span<byte> text, ref int length)
    {
        Span<Entry> entries = stackalloc Entry[MaxEntries];
        for (var i = Read(entries) - 1; i >= 0; i--)
        {
            if (!PutName(entries[i], text, ref length) || !Put("="u8, text, ref length) || !PutEscaped(_der[entries[i].Value], text, ref length)
                || (i > 0 && !Put(entries[i].ContinuesSet ? "+"u8 : ","u8, text, ref length)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool PutEscaped(ReadOnlySpan<byte> value, Span<byte> text, ref int length)
    {
        for (var i = 0; i < value.Length; i++)
        {
            var octet = value[i];
            var isPut = octet switch
            {
                (byte)',' or (byte)'+' or (byte)'"' or (byte)'\\' or (byte)'<' or (byte)'>' or (byte)';' => Put([(byte)'\\', octet], text, ref length),
                (byte)'#' when i == 0 => Put("\\#"u8, text, ref length),
                (byte)' ' when i == 0 || i == value.Length - 1 => Put("\\ "u8, text, ref length),
                < 0x20 or > 0x7E => Put([(byte)'\\', Digit(octet >> 4), Digit(octet & 15)], text, ref length),
                _ => Put([octet], text, ref length),
            };
            if (!isPut)
            {
                return false;
            }
        }

        return true;

        static byte Digit(int value) => (byte)(value < 10 ? '0' + value : 'A' + value - 10);
    }

    private static bool Put(ReadOnlySpan<byte> bytes, Span<byte> text, ref int length)
    {
        if (!bytes.TryCopyTo(text[length..]))
        {
            return false;
        }

        length += bytes.Length;
        return true;
    }

    private bool PutName(in Entry entry, Span<byte> text, ref int length)
    {
        var name = NameOf(entry);
        return Put(name.IsEmpty ? Encoding.ASCII.GetBytes(DottedNameOf(entry)) : name, text, ref length);
    }

    private string DottedNameOf(in Entry entry)
    {
        var type = _der[entry.Type];
        var parts = new List<string> { Math.Min(type[0] / 40, 2).ToString(CultureInfo.InvariantCulture), (type[0] - (Math.Min(type[0] / 40, 2) * 40)).ToString(CultureInfo.InvariantCulture) };
        var part = 0UL;
        foreach (var octet in type[1..])
        {
            part = (part << 7) | (uint)(octet & 0x7F);
            if ((octet & 0x80) == 0)
            {
                parts.Add(part.ToString(CultureInfo.InvariantCulture));
                part = 0;
            }
        }

        return string.Join('.', parts);
    }

    /// <summary>The short name of an entry's type by its encoded object identifier; empty where we know none.</summary>
    private ReadOnlySpan<byte> NameOf(in Entry entry)
    {
        var type = _der[entry.Type];
        return type switch
        {
            [0x55, 0x04, var attribute] => attribute switch // id-at
            {
                3 => "CN"u8,
                4 => "SN"u8,
                5 => "serialNumber"u8,
                6 => "C"u8,
                7 => "L"u8,
                8 => "ST"u8,
                9 => "street"u8,
                10 => "O"u8,
                11 => "OU"u8,
                12 => "title"u8,
                13 => "description"u8,
                15 => "businessCategory"u8,
                17 => "postalCode"u8,
                41 => "name"u8,
                42 => "GN"u8,
                43 => "initials"u8,
                44 => "generationQualifier"u8,
                46 => "dnQualifier"u8,
                65 => "pseudonym"u8,
                97 => "organizationIdentifier"u8,
                _ => default,
            },
            [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x01] => "emailAddress"u8,
            [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x09, 0x02] => "unstructuredName"u8,
            [0x09, 0x92, 0x26, 0x89, 0x93, 0xF2, 0x2C, 0x64, 0x01, 0x19] => "DC"u8,
            [0x09, 0x92, 0x26, 0x89, 0x93, 0xF2, 0x2C, 0x64, 0x01, 0x01] => "UID"u8,
            [0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x3C, 0x02, 0x01, 0x01] => "jurisdictionL"u8,
            [0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x3C, 0x02, 0x01, 0x02] => "jurisdictionST"u8,
            [0x2B, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x3C, 0x02, 0x01, 0x03] => "jurisdictionC"u8,
            _ => default,
        };
    }

    /// <summary>Finds the entries: a sequence of sets of pairs of type and value. What was accepted as a certificate is well formed.</summary>
    /// <exception cref="AsnContentException">There are more than are looked at, so that some would not be seen.</exception>
    private int Read(Span<Entry> entries)
    {
        var count = 0;
        AsnDecoder.ReadSequence(_der, AsnEncodingRules.DER, out var offset, out var length, out _);
        for (var end = offset + length; offset < end;)
        {
            AsnDecoder.ReadSetOf(_der[offset..], AsnEncodingRules.DER, out var set, out var setLength, out var consumed, skipSortOrderValidation: true);
            var isFirst = true;
            for (var (at, setEnd) = (offset + set, offset + set + setLength); at < setEnd; isFirst = false)
            {
                if (count == entries.Length)
                {
                    throw new AsnContentException();
                }

                AsnDecoder.ReadSequence(_der[at..], AsnEncodingRules.DER, out var pair, out _, out var pairConsumed);
                AsnDecoder.ReadEncodedValue(_der[(at + pair)..], AsnEncodingRules.DER, out var type, out var typeLength, out var typeConsumed);
                var valueAt = at + pair + typeConsumed;
                var tag = Asn1Tag.Decode(_der[valueAt..], out _);
                AsnDecoder.ReadEncodedValue(_der[valueAt..], AsnEncodingRules.DER, out var value, out var valueLength, out _);
                entries[count++] = new Entry(
                    at + pair + type, typeLength, valueAt + value, valueLength, ContinuesSet: !isFirst, IsText(tag));
                at += pairConsumed;
            }

            offset += consumed;
        }

        return count;
    }

    private static bool IsText(Asn1Tag tag) => tag.TagClass == TagClass.Universal
        && (UniversalTagNumber)tag.TagValue is UniversalTagNumber.UTF8String or UniversalTagNumber.PrintableString or UniversalTagNumber.IA5String;

    /// <summary>Where a type and its value lie, whether they are in one set with those before them, and whether the value is what it reads like.</summary>
    private readonly record struct Entry(int TypeStart, int TypeLength, int ValueStart, int ValueLength, bool ContinuesSet, bool IsPlainText)
    {
        public Range Type => TypeStart..(TypeStart + TypeLength);

        public Range Value => ValueStart..(ValueStart + ValueLength);
    }
}
