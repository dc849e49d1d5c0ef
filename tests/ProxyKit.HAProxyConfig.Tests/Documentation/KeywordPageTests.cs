using ProxyKit.HAProxyConfig.Sections;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.HAProxyConfig.Tests.Documentation;

public sealed class KeywordPageTests
{
    /// <summary>Set to 1, the test writes the page instead of comparing it.</summary>
    private const string AcceptVariable = "PROXYKIT_ACCEPT_DOCS";

    private static readonly string PagePath = RepositoryTree.PathOf("docs", "haproxy-config.md");

    [Fact]
    public void Page_lists_every_keyword_with_its_state()
    {
        var page = File.ReadAllText(PagePath);
        var renewed = KeywordPage.Renew(page);
        if (Environment.GetEnvironmentVariable(AcceptVariable) == "1")
        {
            File.WriteAllText(PagePath, renewed);
            return;
        }

        Assert.True(page == renewed, $"docs/haproxy-config.md is not what the tables of keywords say. Run this test with {AcceptVariable}=1.");
    }

    [Fact]
    public void No_keyword_stands_twice_in_a_section()
    {
        Assert.Empty(KeywordTable.All
            .SelectMany(static k => Enum.GetValues<Section>().Where(s => int.PopCount((int)s) == 1 && (k.Sections & s) != 0).Select(s => (k.Name, Section: s)))
            .GroupBy(static k => k)
            .Where(static g => g.Count() > 1)
            .Select(static g => g.Key));
    }

    [Fact]
    public void Every_keyword_that_runs_has_a_handler_and_every_accepted_one_a_reason()
    {
        Assert.All(KeywordTable.All, static k => Assert.True(k.State switch
        {
            KeywordState.Runs => k.Run is not null,
            KeywordState.Accepted => k.Note is not null,
            _ => k.Run is null,
        }, k.Name));
    }

    [Fact] // those behind it would be taken for its own, and not be read
    public void Parameter_of_a_line_has_an_end() => Assert.Empty(KeywordTable.All
        .Where(static k => (k.Sections & (Section.Bind | Section.Server)) != 0 && k.State != KeywordState.Refused && k.MostArguments == int.MaxValue)
        .Select(static k => k.Name));

    [Fact]
    public void What_is_said_to_be_missing_is_not_there()
    {
        var language = new RuleLanguage();
        Assert.Empty(language.FetchNames.Intersect(RuleLanguage.MissingFetches.Keys));
    }

    [Fact]
    public void Fetch_that_is_missing_is_refused_with_its_reason() => Assert.All(RuleLanguage.MissingFetches, static missing => Assert.Contains(
        $"the fetch method '{missing.Key}' is not supported: {missing.Value}",
        Reading.Alert($"frontend f\nbind :80\ntcp-request content accept if {{ {missing.Key} -m found }}\n"),
        StringComparison.Ordinal));
}
