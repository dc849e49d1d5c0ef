namespace ProxyKit.Conformance.Samples;

/// <summary>Who the client is, told by those in front and to those behind, as the sample has it.</summary>
public sealed class ProxyProtocolSampleTests : SampleTest
{
    [Fact]
    public async Task Client_of_the_load_balancer_is_the_servers_client()
    {
        var web = Named("web");
        await StartSampleAsync("proxy-protocol", web, Named("none"));
        var client = await ConnectAsync();

        await client.SendRawAsync("PROXY TCP4 192.0.2.7 198.51.100.2 51000 80\r\nGET / HTTP/1.1\r\nHost: a\r\nX-Server: forged\r\n\r\n");

        Assert.Equal("web", (await client.ReadResponseAsync()).Text);
        Assert.Equal(("192.0.2.7", "web1"), ((await web.RequestAsync())["x-forwarded-for"], (await web.RequestAsync())["x-server"]));
    }

    [Fact]
    public async Task Client_that_is_banned_is_so_behind_the_load_balancer()
    {
        await StartSampleAsync("proxy-protocol", Named("web"), Named("none"));
        var client = await ConnectAsync();

        await client.SendRawAsync("PROXY TCP4 192.0.2.66 198.51.100.2 51000 80\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.Equal(403, (await client.ReadResponseAsync()).Status);
    }

    [Fact] // PT-07
    public async Task Mail_server_is_told_of_the_client_and_gets_its_bytes_unchanged()
    {
        var mail = RawOrigin(static async wire =>
        {
            var header = await wire.ReadExactlyAsync(35);
            await wire.SendAsync($"{Convert.ToHexString(header.AsSpan(12, 16))} {System.Text.Encoding.ASCII.GetString(await wire.ReadExactlyAsync(6))}");
        });
        await StartSampleAsync("proxy-protocol", Named("web"), mail);
        var client = await ConnectAsync(bind: 1);

        await client.SendRawAsync("PROXY TCP4 192.0.2.7 198.51.100.2 51000 25\r\nHELO a");

        await client.ExpectAsync("21110013C0000207C6336402C7380019 HELO a");
    }
}
