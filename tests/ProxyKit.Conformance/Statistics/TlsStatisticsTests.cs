using ProxyKit.Conformance.Tls;

namespace ProxyKit.Conformance.Statistics;

/// <summary>Client connections over TLS: MX-18.</summary>
public sealed class TlsStatisticsTests() : TlsTest(Carrier.Sockets)
{
    [Fact]
    public async Task Connections_over_TLS_are_counted_once_their_handshake_went_well()
    {
        await StartAsync(OkOrigin(), client: true, server: false);
        await using (var plain = await ConnectAsync())
        {
            await plain.SendAsync("GET / HTTP/1.1", "", "");
            await UntilAsync(() => Proxy.GetStatistics().Process is { Connections: 1, CurrentConnections: 0 });
        }

        var (_, secure) = await ConnectTlsAsync();
        await GetAsync(secure);

        var process = Proxy.GetStatistics().Process;
        Assert.Equal((1, 1L, 2L), (process.CurrentTlsConnections, process.TlsConnections, process.Connections));
        Assert.True(process.MaxTlsRate >= 1);
        await secure.DisposeAsync();
        await UntilAsync(() => Proxy.Connections == 0);

        process = Proxy.GetStatistics().Process;
        Assert.Equal((0, 1L), (process.CurrentTlsConnections, process.TlsConnections));
    }
}
