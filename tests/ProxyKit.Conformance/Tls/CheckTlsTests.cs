using System.Net.Security;
using ProxyKit.Checks;

namespace ProxyKit.Conformance.Tls;

/// <summary>HC-10: checks over TLS of servers that clients reach without it, by the name that they are told.</summary>
public sealed class CheckTlsTests() : TlsTest(Carrier.Memory)
{
    [Theory]
    [InlineData("b.example", CheckStatus.Layer7Passed, "b.example")]
    [InlineData("c.example", CheckStatus.Layer6Failed, null)]
    public async Task Probe_asks_for_the_name_that_it_is_told_and_has_it_proved(string name, CheckStatus status, string? asked)
    {
        var names = new List<string>();
        var probed = TlsOrigin(
            async (wire, _) =>
            {
                if (await WireMessage.ReadHeadAsync(wire, mayIdle: true) is not null)
                {
                    names.Add(wire.AskedName);
                    await wire.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                }
            },
            "a.example",
            "b.example");
        var result = HAProxyConfiguration.Parse($"""
            defaults
                mode http
                timeout connect 5s
                timeout client 5s
                timeout server 5s
            frontend public
                bind 127.0.0.1:0
                default_backend web
            backend web
                option httpchk
                server s1 127.0.0.1:1 check port {probed.Port} check-ssl check-sni {name} check-alpn http/1.1 verify required ca-file {Authority.CaPath}

            """);
        Assert.True(result.IsValid, result.ToString());
        await StartAsync(proxy => proxy.AddHAProxyConfig(result));

        await AdvanceUntilAsync(() => Server().LastCheck is not null);

        Assert.Equal(status, Server().LastCheck?.Status);
        Assert.Equal(asked is null ? [] : [asked], names);
    }

    [Theory]
    [InlineData("option httpchk", "ssl check", "")]
    [InlineData("option httpchk", "ssl check alpn http/1.1", "http/1.1")]
    [InlineData("option httpchk", "ssl check check-alpn http/1.1", "http/1.1")]
    [InlineData("option httpchk", "ssl check alpn http/1.1 no-alpn", "")]
    [InlineData("option httpchk", "check check-ssl alpn http/1.1", "http/1.1")]
    [InlineData("option httpchk\nhttp-check connect ssl alpn http/1.1\nhttp-check send meth GET uri /", "check", "http/1.1")]
    public async Task Probe_offers_the_protocols_that_it_is_told(string lines, string words, string agreed)
    {
        OriginProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];
        var protocols = new List<string>();
        var probed = TlsOrigin(async (wire, _) =>
        {
            if (await WireMessage.ReadHeadAsync(wire, mayIdle: true) is not null)
            {
                protocols.Add(wire.AgreedProtocol);
                await wire.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
        });
        var result = HAProxyConfiguration.Parse(
            "defaults\nmode http\ntimeout connect 5s\ntimeout client 5s\ntimeout server 5s\nfrontend public\nbind 127.0.0.1:0\ndefault_backend web\n"
            + $"backend web\n{lines}\nserver s1 {probed.Address} {words} verify required ca-file {Authority.CaPath} verifyhost localhost no-sni-auto\n");
        Assert.True(result.IsValid, result.ToString());
        await StartAsync(proxy => proxy.AddHAProxyConfig(result));

        await AdvanceUntilAsync(() => Server().LastCheck is not null);

        Assert.Equal(CheckStatus.Layer7Passed, Server().LastCheck?.Status);
        Assert.Equal([agreed], protocols);
    }
}
