using ProxyKit.Rules;

namespace ProxyKit.Tests.Rules;

public sealed class PathConditionTests
{
    private static bool Holds(Condition condition, string target) => condition.Holds(TestExchange.For(target));

    [Theory]
    [InlineData("/cart", true)]
    [InlineData("/cart?id=1", true)]
    [InlineData("http://a.example/cart?id=1", true)]
    [InlineData("/cart/", false)]
    [InlineData("/Cart", false)]
    [InlineData("/cartography", false)]
    [InlineData("/", false)]
    [InlineData("*", false)]
    public void Path_holds_for_exactly_that_path(string target, bool holds) => Assert.Equal(holds, Holds(Match.Path("/cart"), target));

    [Theory]
    [InlineData("/cart", true)]
    [InlineData("/cart/", true)]
    [InlineData("/cart/1/2", true)]
    [InlineData("/cart?x", true)]
    [InlineData("/cartography", false)] // GW1-02
    [InlineData("/CART/1", false)]
    [InlineData("/", false)]
    public void Path_with_a_star_holds_for_the_segments_under_it(string target, bool holds) =>
        Assert.Equal(holds, Holds(Match.Path("/cart/*"), target));

    [Theory]
    [InlineData("/", true)]
    [InlineData("/x", true)]
    [InlineData("//", true)]
    [InlineData("*", false)]
    public void Path_of_only_a_star_holds_for_every_path(string target, bool holds) => Assert.Equal(holds, Holds(Match.Path("/*"), target));

    [Theory]
    [InlineData("/cart/1", true)]
    [InlineData("/cartography", true)] // GW1-02
    [InlineData("/CART/items", false)]
    [InlineData("/car", false)]
    public void PathPrefix_holds_for_the_text(string target, bool holds) => Assert.Equal(holds, Holds(Match.PathPrefix("/cart"), target));

    [Theory]
    [InlineData("/CART/items")] // GW1-01
    [InlineData("/cart/1")]
    [InlineData("/Cart")]
    public void Path_conditions_compare_without_case_when_told(string target)
    {
        Assert.True(Holds(Match.PathPrefix("/cArt", ignoreCase: true), target));
        Assert.True(Holds(Match.Path("/cArt/*", ignoreCase: true), target));
        Assert.True(Holds(Match.PathRegex("^/cArt", ignoreCase: true), target));
        Assert.True(Holds(Match.PathPattern("/cArt/{*rest}", ignoreCase: true), target));
        Assert.False(Holds(Match.Path("/catalog/*", ignoreCase: true), target));
    }

    [Fact]
    public void Path_without_case_still_tells_a_letter_from_the_sign_32_below() =>
        Assert.False(Holds(Match.Path("/a{", ignoreCase: true), "/a["));

    [Theory]
    [InlineData("/a.jpg", true)]
    [InlineData("/a.jpg?x=.png", true)]
    [InlineData("/a.JPG", false)]
    [InlineData("/a.png?x=.jpg", false)]
    public void PathSuffix_holds_for_the_end_of_the_path(string target, bool holds) =>
        Assert.Equal(holds, Holds(Match.PathSuffix(".jpg"), target));

    [Theory]
    [InlineData("/v1/users", true)]
    [InlineData("/v3/users", false)]
    [InlineData("/x/v1/", false)]
    public void PathRegex_searches_the_path(string target, bool holds) => Assert.Equal(holds, Holds(Match.PathRegex("^/v[12]/"), target));

    [Fact]
    public void PathRegex_searches_long_paths_to_their_end() =>
        Assert.True(Holds(Match.PathRegex("x$"), "/" + new string('a', 5_000) + "x"));

    [Fact]
    public void PathRegex_that_would_backtrack_for_ever_is_answered_at_once() =>
        Assert.False(Holds(Match.PathRegex("^/(a+)+$"), "/" + new string('a', 50_000) + "!"));

    [Theory]
    [InlineData("/users/7/orders", true)]
    [InlineData("/users/7/orders/", true)]
    [InlineData("/users/7/orders/2/lines", true)]
    [InlineData("/users//orders", false)]
    [InlineData("/users/7", false)]
    [InlineData("/users/7/ordersx", false)]
    [InlineData("/users/7/8/orders", false)]
    [InlineData("/x/users/7/orders", false)]
    public void PathPattern_holds_for_its_segments(string target, bool holds) =>
        Assert.Equal(holds, Holds(Match.PathPattern("/users/{id}/orders/{*rest}"), target));

    [Theory]
    [InlineData("/users/{id}", "/users/7", true)]
    [InlineData("/users/{id}", "/users/7/", false)]
    [InlineData("/users/{id}", "/users/", false)]
    [InlineData("/{a}/{b}", "/x/y", true)]
    [InlineData("/{a}/{b}", "/x", false)]
    [InlineData("/{*all}", "/", true)]
    [InlineData("/{*all}", "*", false)]
    [InlineData("/plain", "/plain", true)]
    [InlineData("/", "/", true)]
    [InlineData("/", "/x", false)]
    public void PathPattern_without_an_open_end_holds_for_as_many_segments(string pattern, string target, bool holds) =>
        Assert.Equal(holds, Holds(Match.PathPattern(pattern), target));

    [Theory]
    [InlineData("/%69nternal/x")]
    [InlineData("//internal/x")]
    [InlineData("/public/../internal/x")]
    [InlineData("/./internal/x")]
    [InlineData("/%2e/internal/x")]
    [InlineData("/internal%2fx")]
    [InlineData("/internal;v=1/x")]
    public void Path_is_compared_as_sent_so_that_other_spellings_are_other_paths(string target) =>
        Assert.False(Holds(Match.Path("/internal/*"), target));

    [Theory]
    [InlineData("")]
    [InlineData("cart")]
    [InlineData("*")]
    [InlineData("/cart?x=1")]
    [InlineData("/cart#top")]
    [InlineData("/a b")]
    [InlineData("/café")]
    [InlineData("/a/*/b")]
    [InlineData("/cart*")]
    public void Path_refuses_what_no_path_can_be(string path) => Assert.Throws<ArgumentException>(nameof(path), () => Match.Path(path));

    [Fact]
    public void Path_says_how_to_write_what_is_sent_encoded() =>
        Assert.Contains("caf%C3%A9", Assert.Throws<ArgumentException>(() => Match.Path("/café")).Message, StringComparison.Ordinal);

    [Fact]
    public void PathPrefix_and_PathSuffix_refuse_what_no_path_can_have()
    {
        Assert.Throws<ArgumentException>("prefix", () => Match.PathPrefix("cart"));
        Assert.Throws<ArgumentException>("prefix", () => Match.PathPrefix(""));
        Assert.Throws<ArgumentException>("suffix", () => Match.PathSuffix(""));
        Assert.Throws<ArgumentException>("suffix", () => Match.PathSuffix("?x"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("(")]
    [InlineData("(?=x)")]
    [InlineData(@"(a)\1")]
    public void PathRegex_refuses_what_cannot_be_searched_in_linear_time(string pattern) =>
        Assert.Throws<ArgumentException>(nameof(pattern), () => Match.PathRegex(pattern));

    [Theory]
    [InlineData("users/{id}")]
    [InlineData("/users/{id}.json")]
    [InlineData("/users/{}")]
    [InlineData("/users/{id")]
    [InlineData("/users/{i d}")]
    [InlineData("/users/{a-b}")]
    [InlineData("/{id}/{id}")]
    [InlineData("/{*rest}/x")]
    [InlineData("/{*}")]
    [InlineData("/{**rest}")]
    public void PathPattern_refuses_what_is_no_pattern(string pattern) =>
        Assert.Throws<ArgumentException>(nameof(pattern), () => Match.PathPattern(pattern));
}
