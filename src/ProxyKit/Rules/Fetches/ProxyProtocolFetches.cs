using System.Globalization;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.Transport.ProxyProtocol;

namespace ProxyKit.Rules.Fetches;

/// <summary>What a header of the PROXY protocol has told of the client's connection besides addresses, which <c>src</c> and <c>dst</c> give.</summary>
internal static class ProxyProtocolFetches
{
    public static IEnumerable<FetchKeyword> All =>
    [
        Fetch.Of("fc_rcvd_proxy", SampleType.Boolean, RuleStages.OfClient, static (RuleContext context, ref Sample sample) =>
            sample.Set(context.Session.ProxyHeader is not null)),
        First("fc_pp_authority", ProxyField.Authority),
        First("fc_pp_unique_id", ProxyField.UniqueId),
        Fetch.Of("fc_pp_tlv", SampleType.String, RuleStages.OfClientTls, Each, new KeywordArgument("id")),
    ];

    private static FetchKeyword First(string name, byte type) =>
        Fetch.Of(name, SampleType.String, RuleStages.OfClient, (RuleContext context, ref Sample sample) =>
        {
            var start = 0;
            return TryFind(context, type, ref start, ref sample);
        });

    private static SampleFetch Each(KeywordUse use)
    {
        var type = TypeOf(use.Arguments.Text(0));
        var iterates = use.Iterates;
        return (RuleContext context, ref Sample sample) =>
        {
            var start = iterates ? sample.Cursor : 0;
            var isFound = TryFind(context, type, ref start, ref sample);
            (sample.Cursor, sample.HasMore) = (start, iterates && isFound);
            return isFound;
        };
    }

    private static bool TryFind(RuleContext context, byte type, ref int start, ref Sample sample)
    {
        if (context.Session.ProxyHeader is not { } header)
        {
            return false;
        }

        while (header.TryFind(type, ref start, out var value))
        {
            if (value.Length <= ProxyField.LongestValue)
            {
                return sample.SetString(value);
            }
        }

        return false;
    }

    private static byte TypeOf(string text) => text.ToUpperInvariant() switch
    {
        "ALPN" => ProxyField.Alpn,
        "AUTHORITY" => ProxyField.Authority,
        "CRC32C" => ProxyField.Checksum,
        "NETNS" => 0x30,
        "NOOP" => 0x04,
        "SSL" => ProxyField.Tls,
        "SSL_CIPHER" => ProxyField.Cipher,
        "SSL_CN" => ProxyField.CommonName,
        "SSL_KEY_ALG" => ProxyField.KeyAlgorithm,
        "SSL_SIG_ALG" => ProxyField.SignatureAlgorithm,
        "SSL_VERSION" => ProxyField.TlsVersion,
        "UNIQUE_ID" => ProxyField.UniqueId,
        ['0', 'X', .. var hex] when byte.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var type) => type,
        var digits when byte.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var type) => type,
        _ => throw new RuleFaultException($"'{text}' is no type of a field: those have numbers from 0 to 255, or names such as 'AUTHORITY'"),
    };
}
