using ProxyKit.Rules;

namespace ProxyKit.Conformance.Rules;

/// <summary>What log lines, and the rules for the proxy's own replies, know of who has broken an exchange off.</summary>
public sealed class AbortLogTests() : ProxyTest(Carrier.Sockets)
{
    private const string Format = "%[fs.aborted] %[bs.aborted] %[txn.sess_term_state]";

    [Fact]
    public async Task Exchange_that_comes_to_its_end_is_aborted_by_nobody()
    {
        await StartAsync(OkOrigin(), static f => f.Configure(static o => o.LogFormat = Format));

        await GetAsync();

        Assert.Equal("0 0 --", await LineAsync());
    }

    [Fact]
    public async Task Exchange_that_comes_to_no_server_says_nothing_of_one()
    {
        await StartAsync(OkOrigin(), static f => f.OnRequest(static rules => rules.Deny()).Configure(static o => o.LogFormat = Format));

        await GetAsync();

        Assert.Equal("0 - PR", await LineAsync());
    }

    [Fact]
    public async Task Server_that_refuses_has_aborted_nothing()
    {
        var origin = OkOrigin();
        await StartAsync(origin, static f => f.Configure(static o => o.LogFormat = Format), static b => b.Retries(0, redispatch: false));
        origin.StopListening();

        await GetAsync();

        Assert.Equal("0 - SC", await LineAsync());
    }

    [Theory]
    [InlineData("", "0 1 SH")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", "0 1 SD")]
    [InlineData("HTTP/1.1 2x0 OK\r\n\r\n", "0 0 PH")]
    public async Task Server_that_closes_too_early_has_aborted(string answer, string line)
    {
        var origin = RawOrigin(async wire =>
        {
            await wire.ReadHeadAsync();
            await wire.SendAsync(answer);
        });
        await StartAsync(origin, static f => f.Configure(static o => o.LogFormat = Format));
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");

        Assert.Equal(line, await LineAsync());
    }

    [Fact]
    public async Task Client_that_leaves_while_the_server_thinks_has_aborted()
    {
        using var asked = new Gate();
        var origin = RawOrigin(async wire =>
        {
            await wire.ReadHeadAsync();
            asked.Open();
            await wire.ReadToEndAsync();
        });
        await StartAsync(origin, static f => f.Configure(static o => o.LogFormat = Format));
        var client = await ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", "");
        await asked.PassAsync();

        await client.DisposeAsync();

        Assert.Equal("1 0 CH", await LineAsync());
    }

    [Fact]
    public async Task Client_that_leaves_inside_its_head_has_aborted()
    {
        await StartAsync(OkOrigin(), static f => f.Configure(static o => o.LogFormat = Format));
        var client = await ConnectAsync();
        await client.SendRawAsync("GET / HT");

        await client.DisposeAsync();

        Assert.Equal("1 - CR", await LineAsync());
    }

    [Theory]
    [InlineData(true, "1 0 CD")]
    [InlineData(false, "0 1 SD")]
    public async Task Tunnel_is_aborted_by_who_resets_it(bool byClient, string line)
    {
        var origin = RawOrigin(async wire =>
        {
            await wire.SendAsync("hello");
            if (!byClient)
            {
                await wire.ReadExactlyAsync(2);
                wire.Reset();
            }

            await wire.ReadToEndAsync();
        });
        await StartAsync(origin, static f => f.Mode(ProxyMode.Tcp).Configure(static o => o.LogFormat = Format), static b => b.Mode(ProxyMode.Tcp));
        var client = await ConnectAsync();
        Assert.Equal("hello"u8.ToArray(), await client.Wire.ReadExactlyAsync(5));

        if (byClient)
        {
            client.Reset();
        }
        else
        {
            await client.SendRawAsync("go");
        }

        Assert.Equal(line, await LineAsync());
    }

    [Fact]
    public async Task Rules_for_the_proxys_own_reply_know_who_has_aborted()
    {
        await StartAsync(
            RawOrigin(static wire => wire.ReadHeadAsync()),
            static f => f.OnAfterResponse(static rules => rules.SetHeader("X-End", Value.Format(Format))),
            static b => b.Retries(0, redispatch: false));

        var response = await GetAsync();

        Assert.Equal((502, "0 1 --"), (response.Status, response["X-End"]));
    }

    private async Task<string> LineAsync() => (await Log.WaitForAsync(static entry => entry.Category == "ProxyKit.Access")).Message;
}
