using System.Buffers.Binary;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Rules.Fetches;

/// <summary>What a client says in the clear when it opens a TLS connection that is passed on as it is.</summary>
internal static class HelloFetches
{
    /// <summary>Where some of the fetches are accepted, to have no sample where there are no bytes.</summary>
    private const RuleStages Widely = RuleStages.Internal & ~RuleStages.Command;

    private delegate bool HelloFact(RuleContext context, in ClientHello hello, ref Sample sample);

    public static IEnumerable<FetchKeyword> All =>
    [
        .. Fetch.Of("req.ssl_hello_type", SampleType.Integer, RuleStages.OfRequest, static (RuleContext context, ref Sample sample) =>
            HelloType(context, MessageSide.Request, ref sample)).AlsoAs("req_ssl_hello_type"),
        .. Fetch.Of("res.ssl_hello_type", SampleType.Integer, RuleStages.OfResponse, static (RuleContext context, ref Sample sample) =>
            HelloType(context, MessageSide.Response, ref sample)).AlsoAs("rep_ssl_hello_type"),
        .. Of("req.ssl_sni", SampleType.String, RuleStages.OfRequest, static (RuleContext context, in ClientHello hello, ref Sample sample) =>
            hello.TryFindServerName(out var name) && sample.SetString(name)).AlsoAs("req_ssl_sni"),
        Fetch.Of("req.ssl_alpn", SampleType.String, RuleStages.OfRequest, AlpnNames),
        .. Fetch.Of("req.ssl_ver", SampleType.Integer, RuleStages.OfRequest, HelloVersion.TryGet).AlsoAs("req_ssl_ver"),
        Of("req.ssl_ec_ext", SampleType.Boolean, RuleStages.OfRequest, static (RuleContext context, in ClientHello hello, ref Sample sample) =>
            hello.TryFind(ClientHello.SupportedGroups, out _) && sample.Set(true)),
        Of("req.ssl_st_ext", SampleType.Integer, RuleStages.OfRequest, static (RuleContext context, in ClientHello hello, ref Sample sample) =>
            sample.Set(!hello.TryFind(ClientHello.SessionTicket, out var ticket) ? 0 : ticket.IsEmpty ? 1 : 2)),
        Of("req.ssl_cipherlist", SampleType.Binary, Widely, static (RuleContext context, in ClientHello hello, ref Sample sample) =>
            sample.SetBinary(hello.CipherSuites)),
        Of("req.ssl_supported_groups", SampleType.Binary, Widely, static (RuleContext context, in ClientHello hello, ref Sample sample) =>
            hello.TryFind(ClientHello.SupportedGroups, out var content) && ClientHello.TryReadList(content, out var list) && sample.SetBinary(list)),
        Of("req.ssl_sigalgs", SampleType.Binary, Widely, static (RuleContext context, in ClientHello hello, ref Sample sample) =>
            hello.TryFind(ClientHello.SignatureAlgorithms, out var content) && ClientHello.TryReadList(content, out var list) && sample.SetBinary(list)),
        Of("req.ssl_keyshare_groups", SampleType.Binary, Widely, KeyShareGroups),
    ];

    private static FetchKeyword Of(string name, SampleType type, RuleStages stages, HelloFact fact) =>
        Fetch.Of(name, type, stages, (RuleContext context, ref Sample sample) =>
            TryRead(context, out var hello) && fact(context, in hello, ref sample));

    private static bool TryRead(RuleContext context, out ClientHello hello)
    {
        hello = default;
        if (!ContentFetches.TryGet(context, MessageSide.Request, out var bytes))
        {
            return false;
        }

        var status = ClientHello.Read(bytes, out hello);
        return status == HelloStatus.Complete || (status is HelloStatus.TooShort or HelloStatus.Split && ContentFetches.TooShort(context));
    }

    /// <summary>The type of the first handshake message, once all of it is here.</summary>
    private static bool HelloType(RuleContext context, MessageSide side, ref Sample sample)
    {
        if (!ContentFetches.TryGet(context, side, out var bytes))
        {
            return false;
        }

        if (bytes.IsEmpty)
        {
            return ContentFetches.TooShort(context);
        }

        if (bytes[0] is not ((>= 0x14 and <= 0x17) or 0xFF))
        {
            return false;
        }

        if (bytes.Length < 9)
        {
            return ContentFetches.TooShort(context);
        }

        if (bytes[1] < 3 || BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]) < 4)
        {
            return false;
        }

        var length = (bytes[6] << 16) | (bytes[7] << 8) | bytes[8];
        return bytes.Length < 9 + length ? ContentFetches.TooShort(context) : sample.Set(bytes[5]);
    }

    private static SampleFetch AlpnNames(KeywordUse use)
    {
        var iterates = use.Iterates;
        return (RuleContext context, ref Sample sample) =>
        {
            var at = iterates ? sample.Cursor : 0;
            sample.HasMore = false;
            if (!TryRead(context, out var hello) || !hello.TryFind(ClientHello.Alpn, out var content) || !ClientHello.TryReadList(content, out var names)
                || at >= names.Length || names[at] > names.Length - at - 1)
            {
                return false;
            }

            sample.Cursor = at + 1 + names[at];
            sample.HasMore = iterates && sample.Cursor < names.Length;
            return sample.SetString(names.Slice(at + 1, names[at]));
        };
    }

    private static bool KeyShareGroups(RuleContext context, in ClientHello hello, ref Sample sample)
    {
        if (!hello.TryFind(ClientHello.KeyShare, out var content) || !ClientHello.TryReadList(content, out var shares))
        {
            return false;
        }

        var groups = context.Scratch.Rent(shares.Length);
        var length = 0;
        while (shares.Length >= 4 && ClientHello.TryReadList(shares[2..], out var key))
        {
            shares[..2].CopyTo(groups[length..]);
            length += 2;
            shares = shares[(4 + key.Length)..];
        }

        return sample.SetBinary(context.Scratch.Shrink(groups, length));
    }
}
