using System.Text;
using ProxyKit.Rules;
using ProxyKit.Rules.UserLists;
using ProxyKit.Tests.Rules.UserLists;

namespace ProxyKit.Tests.Rules.Fetches;

public sealed class AuthFetchesTests
{
    private static readonly RuleCompiler Compiler = new() { UserLists = new Dictionary<string, UserList> { ["U"] = UserListTests.Example() } };

    [Theory]
    [InlineData("bob:pw", "1", "bob", "staff | ops")]
    [InlineData("bob:no", "0", null, "")]
    [InlineData("eve:pw", "0", null, "")]
    [InlineData("al:Hello world!", "1", "al", "staff")]
    public void Users_are_looked_up_in_the_list(string credentials, string isRight, string? user, string groups)
    {
        var exchange = Basic(credentials);

        Assert.Equal(isRight, exchange.Ask("http_auth(U)", Compiler));
        Assert.Equal(user, exchange.Ask("http_auth_group(U)", Compiler));
        Assert.Equal(groups, exchange.Tried("http_auth_group(U)", Compiler));
    }

    [Theory]
    [InlineData("X: y")]
    [InlineData("Authorization: Basic")]
    [InlineData("Authorization: Basic !!!!")]
    [InlineData("Authorization: Basic Ym9i")] // without a colon
    [InlineData("Authorization: Basic Ym9iO nB3")]
    [InlineData("Authorization: Digest username=\"bob\"")]
    [InlineData("Authorization:")]
    public void Credentials_that_cannot_be_read_are_no_sample(string field)
    {
        var exchange = TestExchange.With(field);

        Assert.Null(exchange.Ask("http_auth(U)", Compiler));
        Assert.Null(exchange.Ask("http_auth_group(U)", Compiler));
        Assert.Null(exchange.Ask("http_auth_user"));
        Assert.Null(exchange.Ask("http_auth_pass"));
        Assert.Null(exchange.Ask("http_auth_type"));
        Assert.Null(exchange.Ask("http_auth_bearer"));
    }

    [Theory]
    [InlineData("al:a:b", "al", "a:b")]
    [InlineData(":", "", "")]
    [InlineData("a:", "a", "")]
    [InlineData("a:b\0c", "a", "b")]
    public void Basic_credentials_are_parted_at_the_first_colon(string credentials, string user, string password)
    {
        Assert.Equal(user, Basic(credentials).Ask("http_auth_user"));
        Assert.Equal(password, Basic(credentials).Ask("http_auth_pass"));
    }

    [Fact]
    public void Scheme_may_have_any_case_and_several_spaces_behind_it()
    {
        var exchange = TestExchange.With("Authorization: bASIC   YWw6YTpi");

        Assert.Equal("Basic", exchange.Ask("http_auth_type"));
        Assert.Equal("al", exchange.Ask("http_auth_user"));
        Assert.Null(exchange.Ask("http_auth_bearer"));
    }

    [Fact]
    public void Bearer_token_is_not_looked_into()
    {
        var exchange = TestExchange.With("Authorization: Bearer   a.b, c");

        Assert.Equal("Bearer", exchange.Ask("http_auth_type"));
        Assert.Equal("a.b", exchange.Ask("http_auth_bearer"));
        Assert.Null(exchange.Ask("http_auth_user"));
        Assert.Null(exchange.Ask("http_auth(U)", Compiler));
    }

    [Theory]
    [InlineData("X-Tok: beaRER  a.b", "a.b")]
    [InlineData("X-Tok: Bearer", "")]
    [InlineData("X-Tok: Basic Ym9iOnB3", null)]
    [InlineData("Y: z", "")]
    public void Bearer_token_of_a_named_field_is_found_even_where_it_is_empty(string field, string? expected) =>
        Assert.Equal(expected, TestExchange.With(field).Ask("http_auth_bearer(x-tok)"));

    [Fact]
    public void Credentials_that_were_of_no_use_stay_so_when_a_rule_rewrites_the_field()
    {
        var exchange = TestExchange.With("X: y");

        Assert.Null(exchange.Ask("http_auth_user"));
        exchange.Request.Headers.Add("authorization"u8, "Basic YWw6YTpi"u8);
        Assert.Null(exchange.Ask("http_auth_user"));

        exchange.Context.HasNoCredentials = false; // as for another request
        Assert.Equal("al", exchange.Ask("http_auth_user"));
    }

    [Fact]
    public void List_that_is_not_there_is_refused() => Assert.Equal(
        "unable to find userlist 'V'", Assert.Throws<RuleFaultException>(() => Basic("a:b").Ask("http_auth(V)", Compiler)).Message);

    private static TestExchange Basic(string credentials) =>
        TestExchange.With($"Authorization: Basic {Convert.ToBase64String(Encoding.Latin1.GetBytes(credentials))}");
}
