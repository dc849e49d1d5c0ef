using ProxyKit.Rules.StickCounters;

namespace ProxyKit.Rules.Expressions;

/// <summary>All fetches and converters that come with ProxyKit, from the files that hold them.</summary>
internal static class BuiltInKeywords
{
    public static IEnumerable<FetchKeyword> Fetches() =>
    [
        .. StickFetches.All,
    ];

    public static IEnumerable<ConverterKeyword> Converters() =>
    [
        .. StickConverters.All,
    ];
}
