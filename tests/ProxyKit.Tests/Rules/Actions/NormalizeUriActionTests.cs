using ProxyKit.Rules.Actions;

namespace ProxyKit.Tests.Rules.Actions;

public sealed class NormalizeUriActionTests
{
    [Theory]
    [InlineData(UriNormalization.MergeSlashes, "///foo//bar?x=//", "/foo/bar?x=//")]
    [InlineData(UriNormalization.MergeSlashes, "/", "/")]
    [InlineData(UriNormalization.MergeSlashes, "/foo", "/foo")]
    [InlineData(UriNormalization.MergeSlashes, "/foo//", "/foo/")]
    [InlineData(UriNormalization.MergeSlashes, "http://a.example//a//b", "http://a.example/a/b")]
    [InlineData(UriNormalization.MergeSlashes, "*", "*")]
    [InlineData(UriNormalization.StripDot, "/./a/./b/.", "/a/b/")]
    [InlineData(UriNormalization.StripDot, "/.well-known/", "/.well-known/")]
    [InlineData(UriNormalization.StripDot, "/.", "/")]
    [InlineData(UriNormalization.StripDot, "/a/..", "/a/..")]
    [InlineData(UriNormalization.StripDot, "/%2E/a/./", "/%2E/a/")]
    [InlineData(UriNormalization.StripDot, "/a?x=/./", "/a?x=/./")]
    [InlineData(UriNormalization.StripDot, "/a.", "/a.")]
    [InlineData(UriNormalization.StripDot, "*", "*")]
    [InlineData(UriNormalization.StripDotDot, "/foo/..", "/")]
    [InlineData(UriNormalization.StripDotDot, "/foo/../", "/")]
    [InlineData(UriNormalization.StripDotDot, "/foo/bar/../x", "/foo/x")]
    [InlineData(UriNormalization.StripDotDot, "/foo/../../bar/", "/../bar/")]
    [InlineData(UriNormalization.StripDotDot, "/foo//../", "/foo/")]
    [InlineData(UriNormalization.StripDotDot, "/../../a/..", "/../../")]
    [InlineData(UriNormalization.StripDotDot, "/..a/.../b", "/..a/.../b")]
    [InlineData(UriNormalization.StripDotDot, "/a/../?x=/a/../", "/?x=/a/../")]
    [InlineData(UriNormalization.StripDotDotFull, "/foo/../../bar/", "/bar/")]
    [InlineData(UriNormalization.StripDotDotFull, "/../..", "/")]
    [InlineData(UriNormalization.StripDotDotFull, "/foo//../../bar/", "/bar/")]
    [InlineData(UriNormalization.PercentToUpperCase, "/%aa?a=%aa", "/%AA?a=%AA")]
    [InlineData(UriNormalization.PercentToUpperCase, "/%zz%a", "/%zz%a")]
    [InlineData(UriNormalization.PercentToUpperCaseStrict, "/%aB/a", "/%AB/a")]
    [InlineData(UriNormalization.PercentDecodeUnreserved, "/%61dmin", "/admin")]
    [InlineData(UriNormalization.PercentDecodeUnreserved, "/%%36%36", "/%66")]
    [InlineData(UriNormalization.PercentDecodeUnreserved, "/%2f%2F%7e?%5F=%2d%2E", "/%2f%2F~?_=-.")]
    [InlineData(UriNormalization.PercentDecodeUnreservedStrict, "/%61?%62", "/a?b")]
    [InlineData(UriNormalization.FragmentStrip, "/a?b", "/a?b")]
    [InlineData(UriNormalization.FragmentEncode, "/a?b", "/a?b")]
    [InlineData(UriNormalization.QuerySortByName, "/?a=5&b=3&a=1", "/?a=5&a=1&b=3")]
    [InlineData(UriNormalization.QuerySortByName, "/?b&a&B&aa=1&a=0&", "/?B&a&a=0&aa=1&b")]
    [InlineData(UriNormalization.QuerySortByName, "/?", "/?")]
    [InlineData(UriNormalization.QuerySortByName, "/", "/")]
    [InlineData(UriNormalization.QuerySortByName, "/?&&", "/?&")]
    public void A_target_gets_its_normal_form(UriNormalization normalization, string target, string normal) =>
        Assert.Equal(normal, ActionRun.OnRequest(TestExchange.For(target), RuleActions.NormalizeUri(normalization)).Exchange.Request.Target);

    [Theory]
    [InlineData(UriNormalization.FragmentStrip, "/#foo", "/")]
    [InlineData(UriNormalization.FragmentStrip, "/?a#foo?b", "/?a")]
    [InlineData(UriNormalization.FragmentEncode, "/#foo", "/%23foo")]
    [InlineData(UriNormalization.FragmentEncode, "/#?#", "/%23?%23")]
    public void A_fragment_that_a_rule_has_made_is_cut_off_or_encoded(UriNormalization normalization, string target, string normal) =>
        Assert.Equal(normal, ActionRun.OnRequest(
            TestExchange.For("/"), RuleActions.SetUri(target), RuleActions.NormalizeUri(normalization)).Exchange.Request.Target);

    [Theory]
    [InlineData(UriNormalization.PercentToUpperCaseStrict, "/%zz")]
    [InlineData(UriNormalization.PercentToUpperCaseStrict, "/%a")]
    [InlineData(UriNormalization.PercentDecodeUnreservedStrict, "/%%36%36")]
    [InlineData(UriNormalization.PercentDecodeUnreservedStrict, "/?a=%")]
    public void A_broken_escape_is_refused_where_that_is_asked_for(UriNormalization normalization, string target)
    {
        var run = ActionRun.OnRequest(TestExchange.For(target), RuleActions.NormalizeUri(normalization));

        Assert.Equal((RuleOutcome.Final, VerdictKind.Failure, 400), (run.Outcome, run.Context.Verdict!.Kind, run.Context.Verdict.Status));
    }

    [Fact]
    public void A_query_of_many_parameters_is_sorted_stably()
    {
        var random = new Random(5);
        var parameters = Enumerable.Range(0, 1_000).Select(i => $"{(char)('a' + random.Next(20))}={i}").ToArray();
        var run = ActionRun.OnRequest(TestExchange.For("/?" + string.Join('&', parameters)), RuleActions.NormalizeUri(UriNormalization.QuerySortByName));

        Assert.Equal(parameters.OrderBy(p => p[0]), run.Exchange.Request.Query.Split('&'));
    }

    [Fact]
    public void A_normalizer_is_called_as_HAProxy_calls_it() => Assert.Equal(
        [
            "normalize-uri path-merge-slashes", "normalize-uri path-strip-dot", "normalize-uri path-strip-dotdot",
            "normalize-uri path-strip-dotdot full", "normalize-uri percent-to-uppercase", "normalize-uri percent-to-uppercase strict",
            "normalize-uri percent-decode-unreserved", "normalize-uri percent-decode-unreserved strict", "normalize-uri fragment-strip",
            "normalize-uri fragment-encode", "normalize-uri query-sort-by-name",
        ],
        Enum.GetValues<UriNormalization>().Select(n => RuleActions.NormalizeUri(n).ToString()!));
}
