using System.Formats.Asn1;
using System.Globalization;
using System.Net;
using System.Text;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Fetches;

/// <summary>The alternative names of a certificate (RFC 5280 §4.2.1.6) in the form that OpenSSL prints them in.</summary>
internal static class AlternativeNames
{
    public const int Email = 1, Host = 2, Uri = 6;

    private const int OtherName = 0, Directory = 4, Address = 7, Registered = 8;

    /// <summary>The extension's object identifier.</summary>
    public static ReadOnlySpan<byte> Identifier => [0x55, 0x1D, 0x11];

    /// <summary>Writes them, as <c>DNS:a.example, email:b@x.example</c>.</summary>
    public static bool TryWrite(RuleContext context, ReadOnlySpan<byte> extension, ref Sample sample)
    {
        var text = context.Scratch.Rent(Scratch.MaxResult);
        var length = 0;
        for (var names = CertificateParts.Take(ref extension, out _); !names.IsEmpty;)
        {
            var name = CertificateParts.Take(ref names, out var tag);
            if ((length > 0 && !Put(", "u8, text, ref length)) || !TryWrite(tag.TagValue, name, text, ref length))
            {
                return false; // more than fits
            }
        }

        return sample.SetString(context.Scratch.Shrink(text, length));
    }

    private static bool TryWrite(int kind, ReadOnlySpan<byte> name, Span<byte> text, ref int length)
    {
        switch (kind)
        {
            case Email:
                return Put("email:"u8, text, ref length) && Put(name, text, ref length);
            case Host:
                return Put("DNS:"u8, text, ref length) && Put(name, text, ref length);
            case Uri:
                return Put("URI:"u8, text, ref length) && Put(name, text, ref length);
            case Address:
                return Put("IP Address:"u8, text, ref length) && PutAddress(name, text, ref length);
            case Directory:
                return Put("DirName:"u8, text, ref length) && new DistinguishedName(name).TryWriteOneLine(text, ref length);
            case Registered:
                var identifier = new byte[name.Length + 2];
                (identifier[0], identifier[1]) = (6, (byte)name.Length); // as a value of its own again; longer ones are none
                name.CopyTo(identifier.AsSpan(2));
                return Put("Registered ID:"u8, text, ref length)
                    && Put(Encoding.ASCII.GetBytes(name.Length < 128 ? AsnDecoder.ReadObjectIdentifier(identifier, AsnEncodingRules.DER, out _) : ""), text, ref length);
            case OtherName:
                return Put("othername:<unsupported>"u8, text, ref length);
            default:
                return Put(kind == 3 ? "X400Name:<unsupported>"u8 : "EdiPartyName:<unsupported>"u8, text, ref length);
        }
    }

    private static bool PutAddress(ReadOnlySpan<byte> address, Span<byte> text, ref int length)
    {
        Span<byte> written = stackalloc byte[40];
        var size = 0;
        if (address.Length == 4)
        {
            new IPAddress(address).TryFormat(written, out size);
        }
        else if (address.Length == 16)
        {
            for (var i = 0; i < 16; i += 2)
            {
                // Each group by itself, nothing left out.
                if (i > 0)
                {
                    written[size++] = (byte)':';
                }

                ((address[i] << 8) | address[i + 1]).TryFormat(written[size..], out var digits, "X", CultureInfo.InvariantCulture);
                size += digits;
            }
        }

        return Put(size > 0 ? written[..size] : "<invalid>"u8, text, ref length);
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
}
