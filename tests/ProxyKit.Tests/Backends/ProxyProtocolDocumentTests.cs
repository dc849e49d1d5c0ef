using System.Text.RegularExpressions;

namespace ProxyKit.Tests.Backends;

/// <summary>The snippets of docs/proxy-protocol.md, compiled.</summary>
public sealed partial class ProxyProtocolDocumentTests
{
    [Fact]
    public void Snippets_of_the_page_are_those_compiled_here()
    {
        var page = File.ReadAllText(RepositoryTree.PathOf("docs", "proxy-protocol.md"));
        var here = File.ReadAllLines(RepositoryTree.PathOf("tests", "ProxyKit.Tests", "Backends", "ProxyProtocolDocumentTests.cs"));
        var compiled = string.Join('\n', here.Select(static line => line.TrimStart()));

        Assert.All(Snippet().Matches(page), snippet => Assert.Contains(
            string.Join('\n', snippet.Groups[1].Value.Split('\n').Select(static line => line.TrimStart())), compiled, StringComparison.Ordinal));
    }

    [Fact]
    public void Headers_are_accepted_and_sent()
    {
        var proxy = new ProxyBuilder();

        proxy
            .AddFrontend("public", frontend => frontend
                .Bind("*:8443", bind => bind.AcceptProxyProtocol("10.0.0.0/8").Tls("certs/gateway.pem"))
                .DefaultBackend("web"))
            .AddBackend("web", backend => backend
                .AddServer("web1", "10.0.0.1:8080", server => server.ProxyProtocol())
                .AddServer("web2", "10.0.0.2:8080", server => server.ProxyProtocol(header =>
                {
                    header.Facts = ProxyProtocolFacts.Authority | ProxyProtocolFacts.Checksum;
                    header.Fields[0xE1] = Value.Parse("var(txn.tenant)");
                })));

        var options = proxy.Build();
        Assert.True(options.Frontends[0].Binds[0].AcceptsProxyProtocol);
        Assert.Equal([0, 1], options.Backends[0].Servers.Select(static s => s.ProxyProtocol?.Fields.Count));
    }

    [GeneratedRegex("```csharp\\n(.*?)\\n```", RegexOptions.Singleline)]
    private static partial Regex Snippet();
}
