namespace ProxyKit.Conformance.Rules;

/// <summary>What is counted of what nobody must send, whether it was let pass or not.</summary>
public sealed class GlitchTests() : ProxyTest(Carrier.Sockets)
{
    private const string Format = "%[fc_glitches] %[bc_glitches]";

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "0 0")]
    [InlineData("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "0 0")] // RFC 9112 §2.2 has it passed over
    [InlineData("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "1 0")]
    [InlineData("GET / HTTP/1.1\nHost: a\nX: b\n\n", "4 0")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n", "1 0")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "1 0")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n", "1 0")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "1 0")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nBad Name: x\r\n\r\n", "1 -")]
    [InlineData("GET  / HTTP/3.0\r\n\r\n", "1 -")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "1 0")]
    public async Task Requests_are_counted_by(string request, string line)
    {
        await StartAsync(OkOrigin(), static f => f.Configure(static o => o.LogFormat = Format));
        var client = await ConnectAsync();

        await client.SendRawAsync(request);

        Assert.Equal(line, await LineAsync());
    }

    [Theory]
    [InlineData("GET /# HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nBad Name: x\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX: b\0c\r\n\r\n")]
    public async Task What_a_setting_lets_pass_is_counted_all_the_same(string request)
    {
        await StartAsync(OkOrigin(), static f => f.Configure(static o => (o.LogFormat, o.AcceptsUnsafeRequests) = (Format, true)));
        var client = await ConnectAsync();

        await client.SendRawAsync(request);

        Assert.Equal("1 0", await LineAsync());
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "0 0")]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 0\n\n", "0 3")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "0 1")]
    [InlineData("HTTP/1.1 2x0 OK\r\n\r\n", "0 1")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "0 1")]
    public async Task Responses_are_counted_by(string response, string line)
    {
        await StartAsync(
            RawOrigin(async wire =>
            {
                await wire.ReadHeadAsync();
                await wire.SendAsync(response);
                await wire.ReadToEndAsync();
            }),
            static f => f.Configure(static o => o.LogFormat = Format));
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");

        Assert.Equal(line, await LineAsync());
    }

    [Fact]
    public async Task Connection_keeps_what_was_counted_on_it()
    {
        await StartAsync(OkOrigin(), static f => f.Configure(static o => o.LogFormat = Format));
        var client = await ConnectAsync();
        await client.SendRawAsync("GET  / HTTP/1.1\r\nHost: a\r\n\r\n");
        await client.ReadResponseAsync();

        await client.SendRawAsync("GET  / HTTP/1.1\r\nHost: a\r\n\r\n");
        await client.ReadResponseAsync();

        Assert.Equal("2 0", await LineAsync(2));
    }

    [Fact]
    public async Task Tunnel_has_none_to_tell()
    {
        await StartAsync(
            RawOrigin(static wire => wire.SendAsync("hello")),
            static f => f.Mode(ProxyMode.Tcp).Configure(static o => o.LogFormat = Format),
            static b => b.Mode(ProxyMode.Tcp));
        var client = await ConnectAsync();
        client.ShutdownSend();
        await client.Wire.ReadToEndAsync();

        Assert.Equal("- -", await LineAsync());
    }

    private async Task<string> LineAsync(int number = 1)
    {
        var seen = 0;
        return (await Log.WaitForAsync(entry => entry.Category == "ProxyKit.Access" && ++seen == number)).Message;
    }
}
