using System.Reflection;
using ProxyKit.Authentication;
using ProxyKit.Identities;

namespace ProxyKit.Tests.Authentication;

/// <summary>What docs/authentication.md says, held against the code.</summary>
public sealed class AuthenticationDocumentTests
{
    private static readonly string Page = File.ReadAllText(RepositoryTree.PathOf("docs", "authentication.md"));

    public static TheoryData<Type> OptionTypes =>
        [typeof(AuthenticationOptions), typeof(JwtOptions), typeof(BasicOptions), typeof(ApiKeyOptions), typeof(CertificateOptions), typeof(IntrospectionOptions)];

    [Theory]
    [MemberData(nameof(OptionTypes))]
    public void Every_setting_is_on_the_page(Type options)
    {
        ArgumentNullException.ThrowIfNull(options);
        string[] arguments = ["UserList", "Keys", "Endpoint", "ClientId", "ClientSecret"]; // of the verbs

        Assert.All(
            options.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(p => !arguments.Contains(p.Name)),
            property => Assert.Contains($"{property.Name}`", Page, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_reason_is_on_the_page() => Assert.All(
        Enum.GetNames<AuthenticationFault>().Where(static n => n != nameof(AuthenticationFault.None)),
        name => Assert.Contains($"`{name}`", Page, StringComparison.Ordinal));

    [Fact]
    public void Every_reason_has_words_of_its_own()
    {
        var texts = Enum.GetValues<AuthenticationFault>().Select(AuthenticationFaults.TextOf).ToArray();

        Assert.Equal(texts.Length, texts.Distinct().Count());
        Assert.All(texts, static text => Assert.False(text.AsSpan().ContainsAny('"', '\\') || !System.Text.Ascii.IsValid(text)));
    }

    [Fact]
    public void The_examples_are_compiled_here()
    {
        var builder = new ProxyBuilder();
        builder
            .AddFrontend("public", f => f
                .Bind("*:8080")
                .Authenticate(
                    jwt => jwt.OpenId("https://id.example/").Audience("https://api.example/"),
                    unless: Match.Path("/auth/*"))
                .RequireScope("read:hamsters", Match.Method("GET") & Match.Path("/api/hamsters/*"))
                .OnAuthenticated(rules => rules.SetHeader("X-Client", Value.Claim("sub")))
                .Route(Match.Claim("realm.roles", "admin"), to: "admin")
                .DefaultBackend("web"))
            .AddBackend("admin", static _ => { })
            .AddBackend("web", static _ => { });

        Assert.Empty(Proxy.Check(builder.Build()));
        var here = File.ReadAllLines(RepositoryTree.PathOf("tests", "ProxyKit.Tests", "Authentication", "AuthenticationDocumentTests.cs"));
        var compiled = string.Join('\n', here.Select(line => line.Trim()));
        var example = Page.Split("Proxy.Create(p => p\n")[1].Split("\n    ...")[0].Split('\n').Select(line => line.Trim());
        Assert.Contains(string.Join('\n', example), compiled, StringComparison.Ordinal);
    }
}
