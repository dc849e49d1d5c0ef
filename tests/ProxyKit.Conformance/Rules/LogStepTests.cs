namespace ProxyKit.Conformance.Rules;

/// <summary>Lines of the access log at steps on the way: <c>log-steps</c>.</summary>
public sealed class LogStepTests() : ProxyTest(Carrier.Sockets)
{
    [Theory]
    [InlineData(LogSteps.All, "txn_accept 0 -", "txn_request -1 -", "txn_connect -1 s1", "txn_response 200 s1", "txn_close 200 s1")]
    [InlineData(LogSteps.Request | LogSteps.Close, "txn_request -1 -", "txn_close 200 s1")]
    [InlineData(LogSteps.Close, "txn_close 200 s1")]
    public async Task Each_step_that_is_asked_for_has_a_line(LogSteps steps, params string[] lines)
    {
        await StartAsync(OkOrigin(), f => f.Configure(o => (o.LogFormat, o.LogSteps) = ("%OG %ST %[srv_name]", steps)));

        await GetAsync("/");

        await Log.WaitForAsync(static entry => entry.Message.StartsWith("txn_close", StringComparison.Ordinal));
        Assert.Equal(lines, Lines());
    }

    [Fact]
    public async Task End_has_no_line_unless_it_is_asked_for()
    {
        await StartAsync(OkOrigin(), f => f
            .Configure(o => (o.LogFormat, o.LogSteps) = ("%OG %ST %HP", LogSteps.Response))
            .OnRequest(static rules => rules.Deny(when: Match.Path("/denied"))));

        await GetAsync("/denied"); // which has no server's response
        await GetAsync("/");

        await Log.WaitForAsync(static entry => entry.Message.StartsWith("txn_response", StringComparison.Ordinal));
        await Proxy.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(["txn_response 200 /"], Lines());
    }

    [Fact]
    public async Task Line_of_a_step_tells_what_is_known_by_then()
    {
        await StartAsync(
            Origin(static exchange => exchange.AnswerAsync("HTTP/1.1 200 OK", "Content-Length: 2", "", "ok")),
            static f => f.Configure(static o => (o.LogFormat, o.LogSteps) = ("%OG %[req.bytes_in]/%[req.bytes_out] %[res.bytes_in]/%[res.bytes_out]", LogSteps.All)));
        var client = await ConnectAsync();

        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", ""); // 27 bytes, and the answer has 38 before its body
        await client.ReadResponseAsync();

        await Log.WaitForAsync(static entry => entry.Message.StartsWith("txn_close", StringComparison.Ordinal));
        var lines = Lines();
        Assert.Equal(["txn_accept -/- -/-", "txn_request 27/0 0/0", "txn_connect 27/0 0/0"], lines[..3]);
        Assert.Matches("^txn_response 27/27 (38|40)/0$", lines[3]); // the body may have come with the head
        Assert.Equal("txn_close 27/27 40/40", lines[4]);

        var closed = 0;
        await client.SendAsync("GET / HTTP/1.1", "Host: a", "", ""); // on the connection that the server has by now
        await client.ReadResponseAsync();
        await Log.WaitForAsync(entry => entry.Message.StartsWith("txn_close", StringComparison.Ordinal) && ++closed == 2);
        Assert.Equal(["txn_request 27/0 0/0", "txn_connect 27/0 0/0"], Lines()[5..7]);
    }

    [Fact]
    public async Task Tunnel_has_lines_of_its_steps()
    {
        await StartAsync(
            RawOrigin(static async wire =>
            {
                await wire.SendAsync("hello");
                await wire.ReadToEndAsync();
            }),
            f => f.Mode(ProxyMode.Tcp).Configure(o => (o.LogFormat, o.LogSteps) = ("%OG %B %[srv_name]", LogSteps.All)),
            static b => b.Mode(ProxyMode.Tcp));
        var client = await ConnectAsync();

        Assert.Equal("hello"u8.ToArray(), await client.Wire.ReadExactlyAsync(5));
        client.Wire.ShutdownSend();

        await Log.WaitForAsync(static entry => entry.Message.StartsWith("txn_close", StringComparison.Ordinal));
        Assert.Equal(["txn_accept 0 -", "txn_connect 0 s1", "txn_close 5 s1"], Lines());
    }

    private string[] Lines() => [.. Log.Entries.Where(static e => e.Category == "ProxyKit.Access").Select(static e => e.Message)];
}
