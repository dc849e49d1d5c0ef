using ProxyKit.Rules;

namespace ProxyKit.Tests.Rules;

public sealed class ConditionTests
{
    private static readonly Condition Yes = Match.Always;
    private static readonly Condition No = !Match.Always;
    private static readonly Condition Fails = Match.When("it fails", _ => throw new InvalidOperationException("asked"));

    private readonly TestExchange _exchange = TestExchange.For("/");

    [Fact]
    public void And_holds_when_both_hold()
    {
        Assert.True((Yes & Yes).Holds(_exchange));
        Assert.False((Yes & No).Holds(_exchange));
        Assert.False((No & Yes).Holds(_exchange));
    }

    [Fact]
    public void And_does_not_ask_the_right_one_when_the_left_one_does_not_hold() => Assert.False((No & Fails).Holds(_exchange));

    [Fact]
    public void Or_holds_when_one_holds()
    {
        Assert.True((Yes | No).Holds(_exchange));
        Assert.True((No | Yes).Holds(_exchange));
        Assert.False((No | No).Holds(_exchange));
    }

    [Fact]
    public void Or_does_not_ask_the_right_one_when_the_left_one_holds() => Assert.True((Yes | Fails).Holds(_exchange));

    [Fact]
    public void Not_turns_round()
    {
        Assert.False((!Yes).Holds(_exchange));
        Assert.True((!No).Holds(_exchange));
        Assert.Same(Yes, !!Yes);
    }

    [Fact]
    public void Not_over_several_asks_what_they_ask_and_says_the_contrary()
    {
        Truth[] truths = [Truth.False, Truth.Pending, Truth.True];
        foreach (var (left, right, last) in from a in truths from b in truths from c in truths select (a, b, c))
        {
            var asked = "";
            Told[] parts = [new(left, () => asked += 'l'), new(right, () => asked += 'r'), new(last, () => asked += 'x')];
            foreach (var condition in new[] { parts[0] & parts[1] & parts[2], parts[0] | parts[1] | parts[2], parts[0] & (parts[1] | parts[2]) })
            {
                asked = "";
                var truth = condition.Evaluate(_exchange.Context);
                var (wanted, contrary) = (asked, truth switch { Truth.True => Truth.False, Truth.False => Truth.True, _ => Truth.Pending });
                asked = "";
                Assert.Equal(contrary, (!condition).Compile(new()).Evaluate(_exchange.Context));
                Assert.Equal(wanted, asked);
            }
        }
    }

    [Fact]
    public void Operators_refuse_null()
    {
        Condition none = null!; // what a caller without nullable checks can pass

        Assert.Throws<ArgumentNullException>(() => none & Yes);
        Assert.Throws<ArgumentNullException>(() => Yes | none);
        Assert.Throws<ArgumentNullException>(() => !none);
    }

    [Fact]
    public void When_holds_when_its_predicate_does()
    {
        Assert.True(Match.When(exchange => exchange.Request.Path == "/").Holds(_exchange));
        Assert.False(Match.When("path is long", exchange => exchange.Request.Path.Length > 1).Holds(_exchange));
    }

    [Fact]
    public void When_lets_through_what_its_predicate_throws() =>
        Assert.Equal("asked", Assert.Throws<InvalidOperationException>(() => (Yes & Fails).Holds(_exchange)).Message);

    [Fact]
    public void Secure_holds_over_tls_only()
    {
        Assert.False(Match.Secure.Holds(_exchange));
        Assert.True(Match.Secure.Holds(TestExchange.For("/").OverTls()));
    }

    [Fact]
    public void ToString_reads_as_a_sentence()
    {
        var both = Match.Host("Api.Example") & Match.Path("/cart/*");
        var nested = (both | Match.Method("GET", "HEAD")) & !(Match.Secure | Match.Source("10.0.0.0/8"));

        Assert.Equal("host is api.example and path is under /cart", both.ToString());
        Assert.Equal(
            "((host is api.example and path is under /cart) or method is one of GET, HEAD) "
            + "and not (client came over TLS or source is in 10.0.0.0/8)",
            nested.ToString());
    }

    public static TheoryData<Condition, string> Texts => new()
    {
        { Match.Always, "always" },
        { !Match.Always, "not always" },
        { Match.When(_ => true), "a predicate holds" },
        { Match.When("client is a crawler", _ => true), "client is a crawler" },
        { Match.Method("GET"), "method is GET" },
        { Match.Host("a.example", "*.b.example"), "host is one of a.example, *.b.example" },
        { Match.HostSuffix(".b.example"), "host is *.b.example" },
        { Match.Path("/cart"), "path is /cart" },
        { Match.Path("/*"), "path is under /" },
        { Match.Path("/cart", ignoreCase: true), "path is /cart in any case" },
        { Match.PathPrefix("/cart"), "path begins with /cart" },
        { Match.PathSuffix(".jpg"), "path ends with .jpg" },
        { Match.PathRegex("^/v[12]/"), "path matches ^/v[12]/" },
        { Match.PathPattern("/users/{id}"), "path is like /users/{id}" },
        { Match.Header("X-Debug"), "header X-Debug is present" },
        { Match.Header("X-Debug", "1"), "header X-Debug is 1" },
        { Match.Header("X-Debug", ""), "header X-Debug is \"\"" },
        { Match.HeaderContains("User-Agent", "bot v"), "header User-Agent contains \"bot v\"" },
        { Match.HeaderPrefix("User-Agent", "curl/"), "header User-Agent begins with curl/" },
        { Match.HeaderRegex("User-Agent", "bot$", ignoreCase: true), "header User-Agent matches bot$ in any case" },
        { Match.Query("id"), "query parameter id is present" },
        { Match.Query("id", "2"), "query parameter id is 2" },
        { Match.Cookie("beta"), "cookie beta is present" },
        { Match.Cookie("beta", "on"), "cookie beta is on" },
        { Match.Source("10.0.0.0/8", "::1"), "source is in one of 10.0.0.0/8, ::1" },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void ToString_says_what_the_condition_asks(Condition condition, string expected)
    {
        ArgumentNullException.ThrowIfNull(condition);

        Assert.Equal(expected, condition.ToString());
    }

    private sealed class Told(Truth truth, Action asked) : Condition
    {
        internal override Truth Evaluate(RuleContext context)
        {
            asked();
            return truth;
        }
    }
}
