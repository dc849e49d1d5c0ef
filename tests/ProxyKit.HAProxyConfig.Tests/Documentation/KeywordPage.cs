using System.Text;
using ProxyKit.HAProxyConfig.Rules;
using ProxyKit.HAProxyConfig.Sections;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.HAProxyConfig.Tests.Documentation;

/// <summary>Writes docs/haproxy-config.md from the tables of keywords.</summary>
internal static class KeywordPage
{
    private const string Begin = "<!-- Below this line the page is written by a test from the tables of keywords. -->\n";

    private static readonly (string Title, Section Section)[] Chapters =
    [
        ("global", Section.Global),
        ("defaults, frontend, backend, listen", Section.Proxies),
        ("bind parameters", Section.Bind),
        ("server parameters", Section.Server),
    ];

    /// <summary>The page: what was written by hand, and the tables anew.</summary>
    public static string Renew(string page)
    {
        var begin = page.IndexOf(Begin, StringComparison.Ordinal);
        var text = new StringBuilder(begin < 0 ? page : page[..begin]).Append(Begin);
        foreach (var (title, section) in Chapters)
        {
            text.Append("\n## Keywords: ").Append(title).Append("\n\n| Keyword | Sections | State | Remark |\n|---|---|---|---|\n");
            foreach (var keyword in KeywordTable.All.Where(k => (k.Sections & section) != 0).OrderBy(static k => k.Name, StringComparer.Ordinal))
            {
                text.Append("| `").Append($"{keyword.Name} {keyword.Arguments.Replace("|", "\\|", StringComparison.Ordinal)}".Trim()).Append("` | ")
                    .Append(section == Section.Proxies ? Letters(keyword.Sections) : "").Append(" | ").Append(Show(keyword.State)).Append(" | ")
                    .Append(keyword.Note).Append(" |\n");
            }
        }

        text.Append("\n## Rule actions\n\n| Action | Lists | State |\n|---|---|---|\n");
        foreach (var verb in ActionGrammar.All.OrderBy(static v => v.Name, StringComparer.Ordinal))
        {
            text.Append("| `").Append($"{verb.Name} {verb.Arguments.Replace("|", "\\|", StringComparison.Ordinal)}".Trim()).Append("` | ")
                .Append(verb.Lists).Append(" | ").Append(verb.Parse is null ? "refused" : "run").Append(" |\n");
        }

        var language = new RuleLanguage();
        List(text, "Fetches", "Fetch", language.FetchNames, RuleLanguage.MissingFetches);
        List(text, "Converters", "Converter", language.ConverterNames, new Dictionary<string, string>()); // there are all of them
        text.Append("\n## Other sections\n\nRefused as a whole: ");
        text.AppendJoin(", ", Enum.GetValues<Section>().Where(static s => int.PopCount((int)s) == 1 && UnsupportedSections.Contain(s))).Append(".\n");
        return text.ToString();
    }

    private static void List(StringBuilder text, string title, string column, IEnumerable<string> names, IReadOnlyDictionary<string, string> missing)
    {
        text.Append("\n## ").Append(title).Append("\n\n| ").Append(column).Append(" | State |\n|---|---|\n");
        foreach (var name in names.Union(missing.Keys).Order(StringComparer.Ordinal))
        {
            text.Append("| `").Append(name).Append("` | ").Append(missing.TryGetValue(name, out var reason) ? $"refused: {reason}" : "run").Append(" |\n");
        }
    }

    private static string Letters(Section sections) => string.Concat(
        (sections & Section.Defaults) != 0 ? "D" : "",
        (sections & Section.Frontend) != 0 ? "F" : "",
        (sections & Section.Backend) != 0 ? "B" : "",
        (sections & Section.Listen) != 0 ? "L" : "");

    private static string Show(KeywordState state) => state switch
    {
        KeywordState.Runs => "run",
        KeywordState.Accepted => "accepted with a notice",
        _ => "refused",
    };
}
