using ProxyKit.Rules.Acls;
using ProxyKit.Rules.Converters;
using ProxyKit.Rules.Converters.Crypto;
using ProxyKit.Rules.Converters.Dates;
using ProxyKit.Rules.Converters.Jwt;
using ProxyKit.Rules.Converters.Payloads;
using ProxyKit.Rules.Fetches;
using ProxyKit.Rules.Maps;
using ProxyKit.Rules.StickCounters;

namespace ProxyKit.Rules.Expressions;

/// <summary>All fetches and converters that come with ProxyKit, from the files that hold them.</summary>
internal static class BuiltInKeywords
{
    public static IEnumerable<FetchKeyword> Fetches()
    {
        FetchKeyword[] fetches =
        [
            .. ConstantFetches.All,
            .. RequestLineFetches.All,
            .. TargetFetches.All,
            .. HeaderFetches.All,
            .. CookieFetches.All,
            .. BodyFetches.All,
            .. AuthFetches.All,
            .. ClaimFetches.All,
            .. ResponseFetches.All,
            .. CaptureFetches.All,
            .. TransactionFetches.All,
            .. ConnectionFetches.All,
            .. ProxyProtocolFetches.All,
            .. TcpInfoFetches.All,
            .. TlsFetches.All,
            .. ServerTlsFetches.All,
            .. CertificateFetches.All,
            .. ContentFetches.All,
            .. HelloFetches.All,
            .. CapturedHelloFetches.All,
            .. RdpFetches.All,
            .. DistccFetches.All,
            .. ProcessFetches.All,
            .. VariableFetches.All,
            .. ProxyFetches.All,
            .. QueueFetches.All,
            .. LimitFetches.All,
            .. TierFetches.All,
            .. StickFetches.All,
            .. AclFetches.All,
        ];
        return [.. fetches, .. ConditionFetches.Of(fetches)];
    }

    public static IEnumerable<ConverterKeyword> Converters() =>
    [
        .. IntegerConverters.All,
        .. TextConverters.All,
        .. FieldConverters.All,
        .. RegexConverters.All,
        .. UrlConverters.All,
        .. EncodingConverters.All,
        .. ChunkConverters.All,
        JsonEscaper.Keyword,
        JsonQuery.Keyword,
        .. LanguageConverters.All,
        .. HashConverters.All,
        .. DigestConverters.All,
        .. AesConverters.All,
        X509Errors.Keyword,
        .. JwtConverters.All,
        .. AddressConverters.All,
        .. ForwardedConverters.All,
        .. DateConverters.All,
        .. VariableConverters.All,
        .. FlowConverters.All,
        .. StateConverters.All,
        .. MapConverters.All,
        .. StickConverters.All,
        .. PayloadConverters.All,
        .. MqttConverters.All,
        .. PacketConverters.All,
    ];
}
