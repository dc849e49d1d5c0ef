using System.Reflection;
using ProxyKit.Backends;
using ProxyKit.Balancing;
using ProxyKit.Frontends;
using ProxyKit.Runtime;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Tests.Runtime;

/// <summary>What docs/configuration.md says, held against the code.</summary>
public sealed class ConfigurationDocumentTests
{
    private static readonly string Page = File.ReadAllText(RepositoryTree.PathOf("docs", "configuration.md"));

    public static TheoryData<Type> OptionTypes =>
    [
        typeof(ProxyOptions),
        typeof(FrontendOptions),
        typeof(BindOptions),
        typeof(BackendOptions),
        typeof(ServerOptions),
        typeof(BindTlsOptions),
        typeof(BindCertificateOptions),
        typeof(ClientCertificateOptions),
        typeof(ServerTlsOptions),
    ];

    [Theory]
    [MemberData(nameof(OptionTypes))]
    public void Every_setting_is_on_the_page(Type options)
    {
        ArgumentNullException.ThrowIfNull(options);
        string[] shown = ["Frontends", "Backends", "Servers", "CertificatePath"]; // by a heading, or by what they hold

        Assert.All(
            options.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(p => !shown.Contains(p.Name)),
            property => Assert.Contains($"`{property.Name}`", Page, StringComparison.Ordinal));
    }

    [Fact]
    public void The_example_is_compiled_here()
    {
        Action<ProxyBuilder> compose = p => p
            .AddFrontend("public", f => f
                .Bind("*:8080")
                .Bind("*:8443", bind => bind.Tls("certs/gateway.pem"))
                .Forwarded(ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto)
                .Route(Match.Path("/api/*"), to: "api")
                .DefaultBackend("web"))
            .AddBackend("web", b => b
                .AddServer("web1", "10.0.0.1:8080")
                .AddServer("web2", "10.0.0.2:8080"))
            .AddBackend("api", b => b
                .Balance(Balance.LeastConnections)
                .ServerTimeout(TimeSpan.FromSeconds(10))
                .AddServer("api1", "10.0.1.1:8080", server => server.Weight(2))
                .AddServer("api2", "10.0.1.2:8080"));
        var builder = new ProxyBuilder();

        compose(builder);

        // All is well with it but that nobody here has the file.
        Assert.Contains(" > Tls > CertificatePath: certs/gateway.pem: ", Assert.Single(ProxyOptionsValidator.Validate(builder.Build())));
        var here = File.ReadAllLines(RepositoryTree.PathOf("tests", "ProxyKit.Tests", "Runtime", "ConfigurationDocumentTests.cs"));
        var compiled = string.Join('\n', here.Select(line => line.Trim()));
        var example = Page.Split("Proxy.Create(p => p\n")[1].Split(");\nawait")[0].Split('\n').Select(line => line.Trim());
        Assert.Contains(string.Join('\n', example), compiled, StringComparison.Ordinal);
    }

    [Fact]
    public void The_faults_read_as_on_the_page()
    {
        var builder = new ProxyBuilder()
            .AddFrontend("public", f => f.Bind("*:8080").DefaultBackend("wep"))
            .AddBackend("web", b => b.AddServer("web1", "10.0.0.1:8080"))
            .AddBackend("api", b => b.AddServer("api1", "10.0.1.1:8080", s => s.Weight(300)));

        Assert.Contains($"```text\n{string.Join('\n', ProxyOptionsValidator.Validate(builder.Build()))}\n```", Page, StringComparison.Ordinal);
    }
}
