namespace ProxyKit.Rules.Expressions;

/// <summary>All fetches and converters that come with ProxyKit, from the files that hold them.</summary>
internal static class BuiltInKeywords
{
    public static IEnumerable<FetchKeyword> Fetches() => [];

    public static IEnumerable<ConverterKeyword> Converters() => [];
}
