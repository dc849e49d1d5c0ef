using ProxyKit.Rules.Converters;
using ProxyKit.Rules.Converters.Crypto;
using ProxyKit.Rules.Converters.Dates;
using ProxyKit.Rules.Converters.Jwt;
using ProxyKit.Rules.Fetches;
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
            .. StickFetches.All,
        ];
        return fetches;
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
        .. StickConverters.All,
    ];
}
