using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using ProxyKit.Http;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Fetches;

/// <summary>Host and path together, their hashes, and the address in an absolute target.</summary>
internal static class TargetFetches
{
    public static IEnumerable<FetchKeyword> All =>
    [
        Fetch.Of("base", SampleType.String, RuleStages.OfRequest, static (RuleContext c, ref Sample s) => Base(c, ref s, withQuery: false)),
        Fetch.Of("baseq", SampleType.String, RuleStages.OfRequest, static (RuleContext c, ref Sample s) => Base(c, ref s, withQuery: true)),
        Fetch.Of("base32", SampleType.Integer, RuleStages.OfRequest, static (RuleContext c, ref Sample s) => Hash(c, ref s, isBase: true)),
        Fetch.Of("url32", SampleType.Integer, RuleStages.OfRequest, static (RuleContext c, ref Sample s) => Hash(c, ref s, isBase: false)),
        Fetch.Of("base32+src", SampleType.Binary, RuleStages.OfRequest, static (RuleContext c, ref Sample s) => HashAndSource(c, ref s, isBase: true)),
        Fetch.Of("url32+src", SampleType.Binary, RuleStages.OfRequest, static (RuleContext c, ref Sample s) => HashAndSource(c, ref s, isBase: false)),
        Fetch.Of("url_ip", SampleType.Address, RuleStages.OfRequest, Address),
        Fetch.Of("url_port", SampleType.Integer, RuleStages.OfRequest, Port),
    ];

    private static bool Base(RuleContext context, ref Sample sample, bool withQuery)
    {
        if (!MessageHeads.TryGetRequest(context, out var request))
        {
            return false;
        }

        var host = TargetParts.Host(request);
        if (host.IsEmpty)
        {
            return TargetParts.HasPath(request)
                && sample.SetString(withQuery ? TargetParts.PathAndQuery(request) : request.PathBytes);
        }

        var path = TargetParts.Rooted(request, withQuery);
        var text = context.Scratch.Rent(host.Length + path.Length);
        host.CopyTo(text);
        path.CopyTo(text[host.Length..]);
        return sample.SetString(text);
    }

    private static bool Hash(RuleContext context, ref Sample sample, bool isBase) =>
        MessageHeads.TryGetRequest(context, out var request) && sample.Set(HashOf(request, isBase));

    private static uint HashOf(RequestHead request, bool isBase)
    {
        var hash = default(TargetHash);
        if (isBase)
        {
            hash.Add(TargetParts.Host(request));
        }
        else if (request.Headers.TryGetBytes(KnownHeader.Host, out var host))
        {
            hash.Add(host);
        }

        hash.Add(TargetParts.Rooted(request, withQuery: !isBase));
        return hash.Value;
    }

    private static bool HashAndSource(RuleContext context, ref Sample sample, bool isBase)
    {
        var source = default(Sample);
        if (!MessageHeads.TryGetRequest(context, out var request) || !source.Set(context.Source))
        {
            return false;
        }

        var bytes = context.Scratch.Rent(4 + (source.Type == SampleType.IPv4 ? 4 : 16));
        BinaryPrimitives.WriteUInt32BigEndian(bytes, HashOf(request, isBase));
        if (source.Type == SampleType.IPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes[4..], (uint)source.Integer);
        }
        else
        {
            BinaryPrimitives.WriteUInt128BigEndian(bytes[4..], source.IPv6);
        }

        return sample.SetBinary(bytes);
    }

    private static bool Address(RuleContext context, ref Sample sample) =>
        TryGetAddress(context, out var address, out _) && sample.SetIPv4(address);

    private static bool Port(RuleContext context, ref Sample sample) => TryGetAddress(context, out _, out var port) && sample.Set(port);

    /// <summary>The address and port of an absolute http or https target whose host is an IPv4 address.</summary>
    private static bool TryGetAddress(RuleContext context, out uint address, out int port)
    {
        address = 0;
        port = 0;
        if (!MessageHeads.TryGetRequest(context, out var request))
        {
            return false;
        }

        var target = request.TargetBytes;
        var scheme = target[..Math.Max(0, target.IndexOf("://"u8))];
        port = Ascii.EqualsIgnoreCase(scheme, "http"u8) ? 80 : Ascii.EqualsIgnoreCase(scheme, "https"u8) ? 443 : 0;
        if (port == 0)
        {
            return false;
        }

        var authority = request.AuthorityBytes;
        var colon = authority.IndexOf((byte)':');
        if (colon >= 0 && colon + 1 < authority.Length)
        {
            return Utf8Parser.TryParse(authority[(colon + 1)..], out port, out var length) && length == authority.Length - colon - 1
                && SampleCasts.TryReadWholeIPv4(authority[..colon], out address);
        }

        return SampleCasts.TryReadWholeIPv4(colon < 0 ? authority : authority[..colon], out address);
    }
}
