using System.Text;
using ProxyKit.Conformance.Tls;

namespace ProxyKit.Conformance.ProxyProtocol;

/// <summary>Binds whose connections begin with the header of a NetScaler, however it is cut on its way.</summary>
public abstract class NetScalerHeaderTests(Carrier carrier) : TlsTest(carrier)
{
    private const string Packet = "\u0045\0\0\u0028\0\0\0\0\u0040\u0006\0\0\u00C0\0\u0002\u0007\u00C6\u0033\u0064\u0002\u00C7\u0038\u0001\u00BB\0\0\0\0\0\0\0\0\u0050\0\0\0\0\0\0\0";

    [Theory]
    [InlineData("\u00C1\u00A5\u00C1\u00A5\0\0\0\u0028")]
    [InlineData("\u00C1\u00A5\u00C1\u00A5\0\0\0\u0034\0\0\0\u0028")]
    public async Task Client_is_the_one_that_the_header_names(string start)
    {
        await StartAsync(OkOrigin(), static f => Accept(f).Configure(static o => o.LogFormat = "%ci:%cp %fi:%fp %[fc_rcvd_proxy]"));
        var client = await ConnectAsync();

        await client.SendRawAsync(Encoding.Latin1.GetBytes(start + Packet + "GET / HTTP/1.1\r\nHost: a\r\n\r\n"));

        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        Assert.Equal("192.0.2.7:51000 198.51.100.2:443 0", (await Log.WaitForAsync(static e => e.Category == "ProxyKit.Access")).Message);
    }

    [Fact]
    public async Task Header_comes_before_the_handshake_of_TLS()
    {
        var origin = OkOrigin();
        await StartAsync(proxy => proxy
            .AddFrontend("public", f => f
                .Bind("127.0.0.1:0", bind => bind.AcceptNetScalerHeader(0xC1A5C1A5).Tls(Authority.Issue()))
                .Forwarded(ForwardedHeaders.XForwardedFor)
                .DefaultBackend("web"))
            .AddBackend("web", b => b.AddServer("s1", origin.Address)));
        var plain = await ConnectAsync();

        await plain.SendRawAsync(Encoding.Latin1.GetBytes("\u00C1\u00A5\u00C1\u00A5\0\0\0\u0028" + Packet));
        Assert.Equal(200, (await GetAsync(await plain.SecureAsync())).Status);

        Assert.Equal("192.0.2.7", (await origin.RequestAsync())["x-forwarded-for"]);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "22 CIP_BAD_MAGIC Received an invalid NetScaler Client IP magic number")]
    [InlineData("\u00C1\u00A5\u00C1\u00A5\0\0\0\u0028\u0015\0\0\0", "23 CIP_BAD_PROTO Received an unhandled protocol in the NetScaler Client IP header")]
    [InlineData("\u00C1\u00A5\u00C1\u00A5\0\0\0\u0027\u0045\0\0\0", "23 CIP_BAD_PROTO Received an unhandled protocol in the NetScaler Client IP header")]
    [InlineData("\u00C1\u00A5\u00C1\u00A5\u00FF\u00FF\u00FF\u00FF\u0045\0\0\0", "21 CIP_TRUNCATED Truncated NetScaler Client IP header received")]
    public async Task What_is_no_header_is_told_in_the_log(string sent, string expected)
    {
        await StartAsync(OkOrigin(), static f => Accept(f).Configure(static o => o.ErrorLogFormat = "%[fc_err] %[fc_err_name] %[fc_err_str]"));
        var client = await ConnectAsync();

        await client.SendRawAsync(Encoding.Latin1.GetBytes(sent));

        Assert.Equal(expected, (await Log.WaitForAsync(static e => e.Category == "ProxyKit.Access")).Message);
    }

    [Fact]
    public async Task Header_that_is_cut_short_is_told_in_the_log()
    {
        await StartAsync(OkOrigin(), static f => Accept(f));
        var client = await ConnectAsync();

        await client.SendRawAsync(Encoding.Latin1.GetBytes("\u00C1\u00A5\u00C1\u00A5\0\0\0\u0028" + Packet[..30]));
        client.ShutdownSend();

        Assert.EndsWith("] public/1: Truncated NetScaler Client IP header received", (await Log.WaitForAsync(static e => e.Category == "ProxyKit.Access")).Message, StringComparison.Ordinal);
    }

    private static FrontendBuilder Accept(FrontendBuilder frontend) => frontend.Configure(static o => o.Binds[0].NetScalerMagic = 0xC1A5C1A5);

    public sealed class OverSockets() : NetScalerHeaderTests(Carrier.Sockets);

    public sealed class InMemory() : NetScalerHeaderTests(Carrier.Memory);

    public sealed class InPieces() : NetScalerHeaderTests(Carrier.Pieces);
}
