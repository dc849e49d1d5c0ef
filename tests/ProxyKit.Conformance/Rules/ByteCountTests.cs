namespace ProxyKit.Conformance.Rules;

/// <summary>How many bytes went each way on each side: <c>req.bytes_in</c> and its like.</summary>
public sealed class ByteCountTests() : ProxyTest(Carrier.Sockets)
{
    private const string Format = "%[req.bytes_in] %[req.bytes_out] %[res.bytes_in] %[res.bytes_out]";

    [Fact]
    public async Task Each_exchange_counts_its_own_bytes_in_four_ways()
    {
        string[] request = ["GET /a HTTP/1.1", "Host: a", "", ""], response = ["HTTP/1.1 200 OK", "Content-Length: 2", "", "ok"];
        await StartAsync(
            Origin(exchange => exchange.AnswerAsync(response)),
            f => f.Configure(static o => o.LogFormat = Format)
                .OnRequest(static rules => rules.SetHeader("X-A", "b")) // "x-a: b" and the end of the line
                .OnResponse(static rules => rules.SetHeader("X-Long", "long"))); // "x-long: long" likewise
        var client = await ConnectAsync();

        for (var i = 0; i < 2; i++)
        {
            await client.SendAsync(request);
            await client.ReadResponseAsync();
            var seen = 0;
            await Log.WaitForAsync(entry => entry.Category == "ProxyKit.Access" && ++seen == i + 1);
        }

        Assert.All(Lines(), static line => Assert.Equal("28 36 40 54", line));
    }

    [Fact]
    public async Task Answer_of_the_proxys_own_is_sent_to_the_client_alone()
    {
        await StartAsync(OkOrigin(), f => f.Configure(static o => o.LogFormat = Format).OnRequest(static rules => rules.Deny()));
        var client = await ConnectAsync();

        await client.SendAsync("GET /a HTTP/1.1", "Host: a", "Connection: close", "", "");
        var answer = await client.Wire.ReadToEndAsync();

        await Log.WaitForAsync(static entry => entry.Category == "ProxyKit.Access");
        Assert.Equal([$"47 0 0 {answer.Length}"], Lines());
    }

    [Fact]
    public async Task Tunnel_passes_on_what_came()
    {
        await StartAsync(
            RawOrigin(static async wire =>
            {
                await wire.ReadExactlyAsync(3);
                await wire.SendAsync("hello");
                await wire.ReadToEndAsync();
            }),
            static f => f.Mode(ProxyMode.Tcp).Configure(static o => o.LogFormat = Format),
            static b => b.Mode(ProxyMode.Tcp));
        var client = await ConnectAsync();

        await client.SendRawAsync("abc");
        await client.Wire.ReadExactlyAsync(5);
        client.ShutdownSend();

        await Log.WaitForAsync(static entry => entry.Category == "ProxyKit.Access");
        Assert.Equal(["3 3 5 5"], Lines());
    }

    private string[] Lines() => [.. Log.Entries.Where(static e => e.Category == "ProxyKit.Access").Select(static e => e.Message)];
}
