using ProxyKit.Checks;

namespace ProxyKit.HAProxyConfig.Tests.Mapping;

/// <summary>The PROXY protocol: <c>accept-proxy</c>, <c>send-proxy</c> and what goes with it.</summary>
public sealed class ProxyProtocolMappingTests
{
    [Fact]
    public void Bind_accepts_headers()
    {
        Assert.True(Reading.Bind(":80 accept-proxy").AcceptsProxyProtocol);
        Assert.False(Reading.Bind(":80").AcceptsProxyProtocol);
    }

    [Theory]
    [InlineData("", null, ProxyProtocolFacts.None)]
    [InlineData("send-proxy", ProxyProtocolVersion.Text, ProxyProtocolFacts.None)]
    [InlineData("send-proxy-v2", ProxyProtocolVersion.Binary, ProxyProtocolFacts.None)]
    [InlineData("send-proxy send-proxy-v2", ProxyProtocolVersion.Binary, ProxyProtocolFacts.None)]
    [InlineData("send-proxy-v2 no-send-proxy", ProxyProtocolVersion.Binary, ProxyProtocolFacts.None)]
    [InlineData("send-proxy no-send-proxy", null, ProxyProtocolFacts.None)]
    [InlineData("send-proxy-v2-ssl", ProxyProtocolVersion.Binary, ProxyProtocolFacts.Tls)]
    [InlineData("send-proxy-v2-ssl-cn", ProxyProtocolVersion.Binary, ProxyProtocolFacts.Tls | ProxyProtocolFacts.CommonName)]
    [InlineData("send-proxy-v2-ssl no-send-proxy-v2-ssl", null, ProxyProtocolFacts.None)]
    [InlineData("send-proxy-v2 proxy-v2-options crc32c,authority", ProxyProtocolVersion.Binary, ProxyProtocolFacts.Checksum | ProxyProtocolFacts.Authority)]
    [InlineData("proxy-v2-options crc32c", ProxyProtocolVersion.Text, ProxyProtocolFacts.None)]
    public void Server_gets_the_header_of_its_line(string words, ProxyProtocolVersion? version, ProxyProtocolFacts facts)
    {
        var header = Reading.Backend($"server s 10.0.0.1:80 {words}").Servers[0].ProxyProtocol;

        Assert.Equal((version, facts), (header?.Version, header?.Facts ?? ProxyProtocolFacts.None));
    }

    [Fact]
    public void Fields_are_those_of_the_line_and_of_all_servers()
    {
        var backend = Reading.Backend(
            "default-server send-proxy-v2 set-proxy-v2-tlv-fmt(0xE1) %[src]\nserver s1 10.0.0.1:80 set-proxy-v2-tlv-fmt(226) x\nserver s2 10.0.0.1:80");

        Assert.Equal([0xE1, 226], backend.Servers[0].ProxyProtocol!.Fields.Keys);
        Assert.Equal([0xE1], backend.Servers[1].ProxyProtocol!.Fields.Keys);
    }

    [Fact]
    public void Words_behind_the_options_are_read()
    {
        var server = Reading.Backend("server s 10.0.0.1:80 send-proxy-v2 proxy-v2-options crc32c,ssl check maxconn 5").Servers[0];

        Assert.NotNull(server.Check);
        Assert.Equal(5, server.MaxConnections);
    }

    [Fact]
    public void Checks_send_headers_where_the_line_says_so()
    {
        var backend = Reading.Backend(
            "option tcp-check\ntcp-check connect port 81 send-proxy\nserver s1 10.0.0.1:80 check check-send-proxy\nserver s2 10.0.0.1:80 check");

        Assert.Equal([true, null], backend.Servers.Select(static s => s.Check!.SendsProxyHeader));
        Assert.True(Assert.IsType<ConnectStep>(Assert.Single(backend.HealthCheck.Steps)).SendsProxyHeader);
    }

    [Fact]
    public void Servers_learn_their_names()
    {
        Assert.Equal("X-Server", Reading.Backend("http-send-name-header X-Server").ServerNameHeader);
        Assert.Null(Reading.Backend("mode tcp\nhttp-send-name-header X-Server").ServerNameHeader);
    }
}
