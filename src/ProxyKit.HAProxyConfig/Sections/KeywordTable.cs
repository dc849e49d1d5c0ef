using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>All keywords of the configuration language.</summary>
internal static class KeywordTable
{
    private static readonly Dictionary<string, Keyword[]> ByName;
    private static readonly Dictionary<string, string[]> Groups; // the second words that follow a first one

    static KeywordTable()
    {
        All =
        [
            .. GlobalKeywords.All,
            .. GlobalLimitKeywords.All,
            .. HeaderCaseKeywords.All,
            .. GlobalTuningKeywords.All,
            .. ProxyKeywords.All,
            .. TimeoutKeywords.All,
            .. OptionKeywords.All,
            .. ConnectionKeywords.All,
            .. SocketKeywords.All,
            .. ForwardingKeywords.All,
            .. CheckKeywords.All,
            .. RuleKeywords.All,
            .. StickinessKeywords.All,
            .. LogKeywords.All,
            .. MailKeywords.All,
            .. CertificateStoreKeywords.All,
            .. OcspKeywords.All,
            .. ErrorPageKeywords.All,
            .. UnsupportedProxyKeywords.All,
            .. BindKeywords.All,
            .. BindTlsKeywords.All,
            DirectLines.Dispatch,
            .. ServerKeywords.All,
            .. ServerHealthKeywords.All,
            .. ServerTlsKeywords.All,
            .. ServerProxyKeywords.All,
            .. ServerResolutionKeywords.All,
            .. UnsupportedServerKeywords.All,
            .. UserListKeywords.All,
            .. ResolversKeywords.All,
            .. TiersKeywords.All,
            .. MeteringKeywords.All,
            .. AuthenticationKeywords.All,
            .. AuxiliaryKeywords.All,
        ];
        ByName = All.GroupBy(static k => k.Name).ToDictionary(static g => g.Key, static g => g.ToArray(), StringComparer.Ordinal);
        Groups = All.Where(static k => k.Name.Contains(' ', StringComparison.Ordinal))
            .Select(static k => k.Name.Split(' ', 2))
            .GroupBy(static n => n[0], static n => n[1])
            .ToDictionary(static g => g.Key, static g => g.Distinct().ToArray(), StringComparer.Ordinal);
    }

    /// <summary>Every keyword, in the order of documentation.</summary>
    public static IReadOnlyList<Keyword> All { get; }

    /// <summary>The keyword that stands in a section, by its first word or its first two; null where the section has none.</summary>
    public static Keyword? Find(string first, string? second, Section section) =>
        (second is not null ? In($"{first} {second}", section) : null) ?? In(first, section);

    /// <summary>What can follow a word that needs a second one; null for any other.</summary>
    public static IReadOnlyList<string>? SecondWords(string first, Section section) =>
        Groups.TryGetValue(first, out var seconds)
            ? [.. seconds.Where(second => In($"{first} {second}", section) is not null).Order(StringComparer.Ordinal)]
            : null;

    /// <summary>The end of a message about a word that no keyword has.</summary>
    public static string Suggest(string word, Section section) => NearestName.Hint(
        word,
        All.Where(k => (k.Sections & section) != 0).Select(static k => k.Name.Split(' ')[0])
            .Concat((section & (Section.Bind | Section.Server)) == 0 ? SectionHeads.Words : []) // what stands at the beginning of a line may open one
            .Distinct());

    private static Keyword? In(string name, Section section) =>
        ByName.TryGetValue(name, out var found) ? Array.Find(found, k => (k.Sections & section) != 0) : null;
}
