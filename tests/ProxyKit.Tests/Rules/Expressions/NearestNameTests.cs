using ProxyKit.Rules.Expressions;

namespace ProxyKit.Tests.Rules.Expressions;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("bnd", "bind")]
    [InlineData("bidn", "bind")]
    [InlineData("sevrer", "server")]
    [InlineData("defautl_backend", "default_backend")]
    [InlineData("MODE", "mode")]
    [InlineData("xxxxxx", null)]
    [InlineData("", null)]
    public void Name_that_was_probably_meant_is_the_nearest(string written, string? meant) =>
        Assert.Equal(meant, NearestName.Of(written, ["bind", "server", "default_backend", "mode"]));

    [Theory]
    [InlineData("bnd", "; did you mean 'bind' maybe ?")]
    [InlineData("xxxxxx", "")]
    public void Hint_ends_a_message(string written, string hint) => Assert.Equal(hint, NearestName.Hint(written, ["bind"]));
}
