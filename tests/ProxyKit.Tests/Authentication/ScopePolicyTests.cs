namespace ProxyKit.Tests.Authentication;

public sealed class ScopePolicyTests
{
    private const string Table = """
        # hamsters
        GET|HEAD /api/hamsters/* -> read:hamsters
        * /api/hamsters/{id}/food -> write:hamsters feed

        GET /health ->
        """;

    [Fact]
    public void Matrix_says_who_may_do_what()
    {
        var matrix = ScopePolicy.Parse(Table).ToMatrix(
            ["GET /api/hamsters/1", "HEAD /api/hamsters", "POST /api/hamsters/1/food", "POST /api/hamsters", "GET /health", "GET /api%2Fhamsters", "GET /other"],
            "read:hamsters", "write:hamsters feed", "feed");

        Assert.Equal(
            """
                                      | read:hamsters | write:hamsters feed | feed
            GET /api/hamsters/1       | yes           | -                   | -
            HEAD /api/hamsters        | yes           | -                   | -
            POST /api/hamsters/1/food | -             | yes                 | -
            POST /api/hamsters        | -             | -                   | -
            GET /health               | yes           | yes                 | yes
            GET /api%2Fhamsters       | -             | -                   | -
            GET /other                | -             | -                   | -

            """,
            matrix);
    }

    [Fact]
    public void Text_of_a_policy_makes_it_again()
    {
        var policy = ScopePolicy.Parse(Table);

        Assert.Equal(policy.ToString(), ScopePolicy.Parse(policy.ToString()).ToString());
    }

    [Theory]
    [InlineData("GET", "/a b")]
    [InlineData("GET", "/a\n* /b")]
    [InlineData("GET", "/a\u00a0")]
    [InlineData("GET", "/a\0")]
    [InlineData("*", "/{id}/ b")]
    [InlineData("#GET", "/a")]
    public void Row_that_the_text_could_not_say_is_refused(string methods, string path) =>
        Assert.Throws<ArgumentException>(() => ScopePolicy.Empty.Allow(methods, path));

    [Theory]
    [InlineData("GET /a read", "line 1: 'GET /a read' is no row")]
    [InlineData("\nGET a -> read", "line 2: 'a' is no path")]
    [InlineData("get /a -> read", "line 1: 'get' is no method")]
    [InlineData("GET /a -> re\"ad", "line 1: 're\"ad' is no scope")]
    public void Line_that_is_no_row_is_refused_by_its_number(string text, string fault) =>
        Assert.StartsWith(fault, Assert.Throws<FormatException>(() => ScopePolicy.Parse(text)).Message, StringComparison.Ordinal);
}
