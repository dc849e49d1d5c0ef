using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Tests.Rules.Fetches;

public sealed class ConditionFetchesTests
{
    [Theory]
    [InlineData("base", "base")]
    [InlineData("path", "path")]
    [InlineData("url", "url")]
    [InlineData("urlp", "urlp")]
    [InlineData("hdr", "req.hdr")]
    [InlineData("cook", "req.cook")]
    [InlineData("shdr", "res.hdr")]
    [InlineData("scook", "res.cook")]
    public void Suffixes_are_for_conditions_only(string prefix, string fetch)
    {
        foreach (var suffix in (string[])["beg", "dir", "dom", "end", "len", "reg", "sub"])
        {
            var keyword = Assert.IsType<FetchKeyword>(RuleLanguage.Default.FindFetch($"{prefix}_{suffix}", inCondition: true));
            Assert.Equal(suffix, keyword.DefaultMatch);
            Assert.Equal(RuleLanguage.Default.FindFetch(fetch, inCondition: false)?.Stages, keyword.Stages);
            Assert.Null(RuleLanguage.Default.FindFetch($"{prefix}_{suffix}", inCondition: false));
        }
    }

    [Theory]
    [InlineData("ssl_fc_sni_end", "end")]
    [InlineData("ssl_fc_sni_reg", "reg")]
    [InlineData("payload", "bin")]
    [InlineData("payload_lv", "bin")]
    [InlineData("req_rdp_cookie", "str")]
    [InlineData("req_rdp_cookie_cnt", "int")]
    [InlineData("req.ssl_ver", "dotted")]
    [InlineData("req_ssl_ver", "dotted")]
    [InlineData("http_auth_group", "str")]
    [InlineData("hdr", "str")]
    public void Some_have_a_way_of_their_own(string name, string match) =>
        Assert.Equal(match, RuleLanguage.Default.FindFetch(name, inCondition: true)?.DefaultMatch);

    [Theory]
    [InlineData("req.hdr_beg")]
    [InlineData("req.cook_end")]
    [InlineData("res.hdr_sub")]
    [InlineData("ssl_fc_sni_beg")]
    [InlineData("set-cookie")]
    public void There_are_no_others(string name) => Assert.Null(RuleLanguage.Default.FindFetch(name, inCondition: true));

    [Theory]
    [InlineData("req.body_param", SampleType.Binary)]
    [InlineData("req.hdrs", SampleType.Binary)]
    [InlineData("res.hdrs", SampleType.Binary)]
    [InlineData("var", SampleType.Any)]
    [InlineData("method", SampleType.Method)]
    [InlineData("src", SampleType.Address)]
    [InlineData("path", SampleType.String)]
    public void Types_are_as_declared(string name, SampleType type) =>
        Assert.Equal(type, RuleLanguage.Default.FindFetch(name, inCondition: false)?.Type);

    [Theory]
    [InlineData("path", nameof(RuleStages.Log))]
    [InlineData("req.hdr(host)", nameof(RuleStages.Log))]
    [InlineData("res.hdr(x)", nameof(RuleStages.Log))]
    [InlineData("req.timer.hdr", nameof(RuleStages.Log))]
    [InlineData("res.timer.hdr", nameof(RuleStages.Log))]
    [InlineData("be_name", nameof(RuleStages.FrontendRequest))]
    [InlineData("srv_name", nameof(RuleStages.BackendRequest))]
    [InlineData("method", nameof(RuleStages.Session))]
    [InlineData("ssl_fc", nameof(RuleStages.Connection))]
    public void Fetches_are_refused_where_they_know_nothing(string expression, string stage) =>
        Assert.Throws<RuleFaultException>(() => Fetching.Compile(expression, new RuleCompiler { Stages = Enum.Parse<RuleStages>(stage) }));

    [Theory]
    [InlineData("path", nameof(RuleStages.FrontendContent))]
    [InlineData("method", nameof(RuleStages.Log))]
    [InlineData("status", nameof(RuleStages.Log))]
    [InlineData("txn.status", nameof(RuleStages.Log))]
    [InlineData("capture.req.uri", nameof(RuleStages.Log))]
    [InlineData("be_name", nameof(RuleStages.Log))]
    [InlineData("srv_name", nameof(RuleStages.ServerConnect))]
    [InlineData("src", nameof(RuleStages.Connection))]
    [InlineData("hdr(x)", nameof(RuleStages.FrontendResponse))]
    [InlineData("ssl_fc_sni", nameof(RuleStages.Session))]
    public void Fetches_are_accepted_where_they_know_something(string expression, string stage) =>
        Assert.NotNull(Fetching.Compile(expression, new RuleCompiler { Stages = Enum.Parse<RuleStages>(stage) }));
}
