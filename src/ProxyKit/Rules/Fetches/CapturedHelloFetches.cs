using System.Buffers.Binary;
using System.Net.Security;
using ProxyKit.Rules.Converters;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Rules.Fetches;

/// <summary>What a client of our own TLS has said first, by which programs are told apart. There is no sample where the bind keeps none of it:
/// <see cref="BindTlsOptions.CapturedHelloBytes"/>.</summary>
internal static class CapturedHelloFetches
{
    private delegate ReadOnlySpan<byte> Part(HelloCapture hello);

    public static IEnumerable<FetchKeyword> All =>
    [
        Fetch.Of("ssl_fc_protocol_hello_id", SampleType.Integer, RuleStages.OfClientTls, static (RuleContext context, ref Sample sample) =>
            context.Session.Tls?.Hello is { } hello && sample.Set(hello.Version)),
        Fetch.Of("ssl_fc_cipherlist_xxh", SampleType.Integer, RuleStages.OfClientTls, static (RuleContext context, ref Sample sample) =>
            context.Session.Tls?.Hello is { } hello && sample.Set(hello.CipherSuitesHash)),
        Fetch.Of("ssl_fc_ecformats_bin", SampleType.Binary, RuleStages.OfClientTls, static (RuleContext context, ref Sample sample) =>
            context.Session.Tls?.Hello is { } hello && sample.SetBinary(hello.PointFormats)),
        List("ssl_fc_cipherlist_bin", SampleType.Binary, static hello => hello.CipherSuites, SetAsIs),
        List("ssl_fc_cipherlist_hex", SampleType.String, static hello => hello.CipherSuites, SetHex),
        List("ssl_fc_cipherlist_str", SampleType.String, static hello => hello.CipherSuites, SetNames),
        List("ssl_fc_extlist_bin", SampleType.Binary, static hello => hello.Extensions, SetAsIs),
        List("ssl_fc_eclist_bin", SampleType.Binary, static hello => hello.Groups, SetAsIs),
        List("ssl_fc_sigalgs_bin", SampleType.Binary, static hello => hello.SignatureAlgorithms, SetAsIs),
        List("ssl_fc_supported_versions_bin", SampleType.Binary, static hello => hello.Versions, SetAsIs),
    ];

    private delegate bool Setter(RuleContext context, ReadOnlySpan<byte> list, ref Sample sample);

    /// <summary>A list of numbers of two bytes; without those that are there to keep servers tolerant (GREASE, RFC 8701), if the argument is 1.</summary>
    private static FetchKeyword List(string name, SampleType type, Part part, Setter set) => Fetch.Of(
        name,
        type,
        RuleStages.OfClientTls,
        use =>
        {
            var isFiltered = use.Arguments.Integer(0, fallback: 0) != 0;
            return (RuleContext context, ref Sample sample) =>
            {
                if (context.Session.Tls?.Hello is not { } hello)
                {
                    return false;
                }

                var list = part(hello);
                return set(context, isFiltered ? WithoutGrease(context, list) : list, ref sample);
            };
        },
        Fetch.Optional("filter_option", ArgumentKind.Integer));

    private static ReadOnlySpan<byte> WithoutGrease(RuleContext context, ReadOnlySpan<byte> list)
    {
        var kept = context.Scratch.Rent(list.Length);
        var length = 0;
        for (; list.Length >= 2; list = list[2..])
        {
            if ((list[0] & 0x0F) != 0x0A || list[0] != list[1])
            {
                list[..2].CopyTo(kept[length..]);
                length += 2;
            }
        }

        list.CopyTo(kept[length..]); // half a number, where the list was cut in the middle of one
        return context.Scratch.Shrink(kept, length + list.Length);
    }

    private static bool SetAsIs(RuleContext context, ReadOnlySpan<byte> list, ref Sample sample) => sample.SetBinary(list);

    private static bool SetHex(RuleContext context, ReadOnlySpan<byte> list, ref Sample sample)
    {
        var text = context.Scratch.Rent(2 * list.Length);
        for (var i = 0; i < list.Length; i++)
        {
            HexDigits.Write(list[i], HexDigits.Upper, text[(2 * i)..]);
        }

        return sample.SetString(context.Scratch.Shrink(text, 2 * list.Length));
    }

    private static bool SetNames(RuleContext context, ReadOnlySpan<byte> list, ref Sample sample)
    {
        var length = 0;
        for (var rest = list; rest.Length >= 2; rest = rest[2..])
        {
            length += NameOf(BinaryPrimitives.ReadUInt16BigEndian(rest)) is { IsEmpty: false } name ? name.Length + 1 : "UNKNOWN(0000),".Length;
        }

        var text = context.Scratch.Rent(length);
        var end = 0;
        for (; list.Length >= 2; list = list[2..])
        {
            if (NameOf(BinaryPrimitives.ReadUInt16BigEndian(list)) is { IsEmpty: false } name)
            {
                name.CopyTo(text[end..]);
                end += name.Length;
            }
            else
            {
                "UNKNOWN("u8.CopyTo(text[end..]);
                HexDigits.Write(list[0], HexDigits.Lower, text[(end + 8)..]);
                HexDigits.Write(list[1], HexDigits.Lower, text[(end + 10)..]);
                text[end + 12] = (byte)')';
                end += 13;
            }

            text[end++] = (byte)',';
        }

        return sample.SetString(context.Scratch.Shrink(text, Math.Max(0, end - 1)));
    }

    /// <summary>OpenSSL's name of a suite, or of what stands among them to say something else (RFC 5746 §3.3, RFC 7507).</summary>
    private static ReadOnlySpan<byte> NameOf(ushort suite) => suite switch
    {
        0x00FF => "TLS_EMPTY_RENEGOTIATION_INFO_SCSV"u8,
        0x5600 => "TLS_FALLBACK_SCSV"u8,
        _ => CipherNames.Of((TlsCipherSuite)suite).Name.Span,
    };
}
