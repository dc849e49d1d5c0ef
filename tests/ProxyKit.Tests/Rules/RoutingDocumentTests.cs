using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using ProxyKit.Rules;

namespace ProxyKit.Tests.Rules;

/// <summary>The snippets of docs/routing.md, compiled, and what the page says of them.</summary>
public sealed partial class RoutingDocumentTests
{
    [Fact]
    public void Snippets_of_the_page_are_those_compiled_here()
    {
        var here = File.ReadAllLines(RepositoryTree.PathOf("tests", "ProxyKit.Tests", "Rules", "RoutingDocumentTests.cs"));
        var page = File.ReadAllText(RepositoryTree.PathOf("docs", "routing.md"));
        var compiled = string.Join('\n', here.Select(line => line.TrimStart()));

        Assert.All(Snippet().Matches(page), snippet =>
        {
            var lines = snippet.Groups[1].Value.Split('\n').Select(line => line.TrimStart());
            Assert.Contains(string.Join('\n', lines), compiled, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Conditions_of_the_page_are_all_that_Match_has()
    {
        var page = File.ReadAllText(RepositoryTree.PathOf("docs", "routing.md"));

        var members = typeof(Match).GetMembers(BindingFlags.Public | BindingFlags.Static);

        Assert.All(
            members.Where(member => member is not MethodInfo { IsSpecialName: true }),
            member => Assert.Contains($"| `Match.{member.Name}", page, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/cart/1", "web.example", "10.0.0.1", "cart")]
    [InlineData("/Catalogue", "web.example", "10.0.0.1", "catalog")]
    [InlineData("/cart/1", "admin.example", "10.0.0.1", "admin")]
    [InlineData("/cart/1", "admin.example", "192.0.2.1", "cart")]
    [InlineData("/", "admin.example", "192.0.2.1", "web")]
    public void First_example_routes_as_it_reads(string target, string host, string source, string backend)
    {
        var proxy = new ProxyBuilder();

        proxy.AddFrontend("public", frontend => frontend
            .Bind("*:8080")
            .Route(Match.Host("admin.example") & Match.Source("10.0.0.0/8"), to: "admin")
            .Route(Match.Path("/cart/*"), to: "cart")
            .Route(Match.PathPrefix("/catalog", ignoreCase: true) & Match.Method("GET", "HEAD"), to: "catalog")
            .DefaultBackend("web"));

        Assert.Equal(backend, BackendOf(proxy, TestExchange.For(target, host).From(source)));
    }

    [Theory]
    [InlineData("/", "eu.partners.example", "partners")]
    [InlineData("/inventory/1?beta=on", "partners.example", "web")]
    [InlineData("/?beta=on", "shop.example", "trial")]
    [InlineData("/", "shop.example", "web")]
    public void Second_example_routes_as_it_reads(string target, string host, string backend)
    {
        var proxy = new ProxyBuilder();

        var partners = Match.Host("partners.example", "*.partners.example");
        var trial = Match.Cookie("beta", "on") | Match.Query("beta", "on") | Match.Header("X-Beta");

        proxy.AddFrontend("public", frontend => frontend
            .Bind("*:8080")
            .Route(partners & !Match.Path("/inventory/*"), to: "partners")
            .Route(trial & !partners, to: "trial")
            .DefaultBackend("web"));

        Assert.Equal(backend, BackendOf(proxy, TestExchange.For(target, host)));
        Assert.Equal(
            "host is one of partners.example, *.partners.example and not path is under /inventory",
            (partners & !Match.Path("/inventory/*")).ToString());
    }

    [Theory]
    [InlineData("10000001", true)]
    [InlineData("10000000", false)]
    public void Example_of_a_predicate_holds_as_it_reads(string length, bool holds)
    {
        var large = Match.When("request is large", exchange =>
            long.TryParse(exchange.Request.Headers["Content-Length"], CultureInfo.InvariantCulture, out var length) && length > 10_000_000);

        Assert.Equal(holds, large.Holds(TestExchange.Of("POST / HTTP/1.1", "Host: a", $"Content-Length: {length}")));
        Assert.False(large.Holds(TestExchange.For("/")));
    }

    [Theory]
    [InlineData("/cart/1", "web")]
    [InlineData("/internal/x", null)]
    [InlineData("//internal/x", null)]
    [InlineData("/%69nternal/x", null)]
    [InlineData("/cart/../internal/x", "web")] // as the page warns
    public void Example_without_a_default_backend_leaves_the_rest_without_a_route(string target, string? backend)
    {
        var proxy = new ProxyBuilder();

        proxy.AddFrontend("public", frontend => frontend
            .Bind("*:8080")
            .Route(Match.Path("/cart/*") | Match.Path("/catalog/*"), to: "web"));

        Assert.Equal(backend, BackendOf(proxy, TestExchange.For(target)));
    }

    [Theory]
    [InlineData("/%69nternal/x")]
    [InlineData("//internal/x")]
    [InlineData("/public/../internal/x")]
    [InlineData("/./internal/x")]
    [InlineData("/%2E/internal/x")]
    [InlineData("/public/..")]
    [InlineData("/internal%2Fx")]
    [InlineData("/internal;v=1/x")]
    [InlineData("/internal%3Bv=1/x")]
    [InlineData("/\\internal\\x")]
    [InlineData("/%5Cinternal")]
    [InlineData("/%7euser")]
    public void Expression_for_odd_spellings_finds_them(string target) => Assert.True(OddSpelling().Holds(TestExchange.For(target)));

    [Theory]
    [InlineData("/")]
    [InlineData("/internal/x")]
    [InlineData("/.well-known/acme")]
    [InlineData("/a..b/c.tar.gz")]
    [InlineData("/a%20b/caf%C3%A9")]
    [InlineData("/%40%5B%60%7B%7F%3A%2C")]
    [InlineData("/a?next=//b/../c")]
    public void Expression_for_odd_spellings_leaves_others_alone(string target) =>
        Assert.False(OddSpelling().Holds(TestExchange.For(target)));

    [Fact]
    public void Expression_for_odd_spellings_knows_every_encoding_of_an_unreserved_character()
    {
        // RFC 3986 §2.3 and §6.2.2.2: encoded and plain, these mean the same.
        for (var c = '!'; c <= '~'; c++)
        {
            var isOdd = char.IsAsciiLetterOrDigit(c) || "-._~/\\;".Contains(c, StringComparison.Ordinal);

            Assert.Equal(isOdd, OddSpelling().Holds(TestExchange.For($"/%{(int)c:X2}")));
        }
    }

    private static Condition OddSpelling()
    {
        var oddSpelling = Match.PathRegex(
            @"//|/\.\.?(/|$)|[\\;]|%(2[def]|3[0-9b]|[46][1-9a-f]|[57][0-9a]|5[cf]|7e)", ignoreCase: true);
        return oddSpelling;
    }

    private static string? BackendOf(ProxyBuilder proxy, TestExchange exchange)
    {
        var frontend = Assert.Single(proxy.Build().Frontends);
        var route = new RouteTable([.. frontend.Routes.Select(r => r.Condition)]).Find(exchange);
        return route < 0 ? frontend.DefaultBackend : frontend.Routes[route].Backend;
    }

    [GeneratedRegex("```csharp\n(.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Snippet();
}
