namespace ProxyKit.HAProxyConfig.Tests.Mapping;

public sealed class ErrorPageMappingTests
{
    [Fact]
    public void Pages_are_inherited_and_added_to()
    {
        var result = Reading.Of(
            "defaults\nmode http\ntimeout client 1s\nerrorloc 503 http://a.example/\nfrontend f\nbind :80\nerrorloc303 404 http://b.example/\nfrontend g\nbind :81\n");

        Assert.True(result.IsValid, result.ToString());
        Assert.Equal(
            ["errorloc302 503 http://a.example/", "errorloc303 404 http://b.example/"], result.Options.Frontends[0].ErrorPages.Select(static p => p.ToString()));
        Assert.Single(result.Options.Frontends[1].ErrorPages);
    }

    [Fact]
    public void Page_that_cannot_be_is_told()
    {
        Assert.Equal(
            "parsing [a.cfg:2] : error reading file '/none.http' for custom error message: there is no such file.",
            Reading.Of("frontend f\nerrorfile 503 /none.http\n").Alerts().First());
        Assert.StartsWith("parsing [a.cfg:2] : 'errorloc' : ", Reading.Of("frontend f\nerrorloc 418 /x\n").Alerts().First(), StringComparison.Ordinal);
    }
}
