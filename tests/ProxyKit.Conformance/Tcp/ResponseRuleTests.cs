using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Conformance.Tcp;

/// <summary>Rules about what servers send in TCP mode: <c>tcp-response content</c>.</summary>
public abstract class ResponseRuleTests(Carrier carrier) : ProxyTest(carrier)
{
    [Fact]
    public async Task Rules_see_what_the_server_sends_and_it_passes_whole()
    {
        await StartTcpAsync(
            RawOrigin(async wire =>
            {
                await wire.SendAsync("220 ready\r\n");
                await wire.ExpectAsync("QUIT\r\n");
                await wire.SendAsync("221 bye\r\n");
            }),
            "%[var(sess.greeting)]",
            rules => rules.InspectDelay(TimeSpan.FromSeconds(5)).SetVariable("sess.greeting", Value.Parse("res.payload(0,3)"), when: When("{ res.len ge 5 }")).Accept(When("{ res.len ge 5 }")));
        var client = await ConnectAsync();

        await client.ExpectAsync("220 ready\r\n");
        await client.SendRawAsync("QUIT\r\n");
        await client.ExpectAsync("221 bye\r\n");
        client.ShutdownSend();
        await client.ExpectClosedAsync();

        Assert.Equal("220", await LineAsync());
    }

    [Fact]
    public async Task What_the_client_sends_reaches_a_server_that_waits_for_it()
    {
        await StartTcpAsync(
            RawOrigin(async wire =>
            {
                await wire.ExpectAsync("hello");
                await wire.SendAsync("world");
            }),
            "%ts",
            static rules => rules.InspectDelay(TimeSpan.FromSeconds(5)).Accept(When("{ res.len ge 5 }")));
        var client = await ConnectAsync();

        await client.SendRawAsync("hello");

        await client.ExpectAsync("world");
        client.ShutdownSend();
        await client.ExpectClosedAsync();
        Assert.Equal("--", await LineAsync());
    }

    [Fact]
    public async Task Refused_answer_reaches_nobody()
    {
        await StartTcpAsync(
            RawOrigin(static async wire =>
            {
                await wire.ReadExactlyAsync(2); // a client that is broken off while it connects never comes to read
                await wire.SendAsync("500 go away\r\n");
                await wire.ReadToEndAsync();
            }),
            "%ts",
            static rules => rules.InspectDelay(TimeSpan.FromSeconds(5)).Reject(When("{ res.payload(0,1) -m str 5 }")));
        var client = await ConnectAsync();
        await client.SendRawAsync("hi");

        Assert.Empty(await ReadAsync(client));
        Assert.Equal("PD", await LineAsync());
    }

    [Fact]
    public async Task Closed_server_has_said_its_last_word()
    {
        await StartTcpAsync(
            RawOrigin(static async wire =>
            {
                await wire.SendAsync("421 too many\r\n");
                await wire.ReadToEndAsync();
            }),
            "%ts",
            static rules => rules.InspectDelay(TimeSpan.FromSeconds(5)).Close(When("{ res.payload(0,14) -m beg 421 }")));
        var client = await ConnectAsync();

        await client.ExpectAsync("421 too many\r\n");
        await client.ExpectClosedAsync();
        Assert.Equal("--", await LineAsync());
    }

    [Fact]
    public async Task Silent_server_is_waited_for_as_long_as_the_delay()
    {
        await StartTcpAsync(
            RawOrigin(static wire => wire.ReadToEndAsync()),
            "%ts",
            static rules => rules.InspectDelay(TimeSpan.FromSeconds(5)).Accept(When("{ res.len gt 0 }")).Reject());
        var client = await ConnectAsync();
        var started = Time.GetUtcNow();

        await AdvanceUntilAsync(ReadAsync(client));

        Assert.InRange((Time.GetUtcNow() - started).TotalSeconds, 5, 7);
        Assert.Equal("PD", await LineAsync());
    }

    [Fact]
    public async Task Line_can_be_left_out_for_what_a_server_says()
    {
        await StartTcpAsync(
            RawOrigin(async wire => await wire.SendAsync(await wire.ReadExactlyAsync(2))),
            "%B",
            static rules => rules.InspectDelay(TimeSpan.FromSeconds(5)).SetLogLevel(Microsoft.Extensions.Logging.LogLevel.None, When("{ res.payload(0,2) -m str ok }"))
                .Accept(When("{ res.len ge 2 }")));
        foreach (var word in new[] { "ok", "no" })
        {
            await using var client = await ConnectAsync();
            await client.SendRawAsync(word);
            await client.ExpectAsync(word);
            client.ShutdownSend();
            await client.ExpectClosedAsync();
        }

        Assert.Equal("2", await LineAsync());
        Assert.Single(Log.Entries, static e => e.Category == "ProxyKit.Access");
    }

    [Fact]
    public async Task Client_that_leaves_ends_the_waiting()
    {
        using var closed = new Gate();
        await StartTcpAsync(
            RawOrigin(async wire =>
            {
                await wire.ReadExactlyAsync(1);
                await wire.ReadToEndAsync();
                closed.Open();
            }),
            "%ts",
            static rules => rules.InspectDelay(TimeSpan.FromHours(1)).Accept(When("{ res.len gt 0 }")));
        var client = await ConnectAsync();
        await client.SendRawAsync("a");

        client.ShutdownSend();

        await closed.PassAsync();
        await client.ExpectClosedAsync();
        Assert.Equal("--", await LineAsync());
    }

    [Fact]
    public async Task Code_that_throws_ends_the_connection()
    {
        ExpectedFaults = 1;
        var language = new RuleLanguage().Add(new FetchKeyword
        {
            Name = "throws",
            Type = SampleType.Integer,
            Create = static _ => static (RuleContext _, ref Sample _) => throw new InvalidOperationException("mine"),
        });
        await StartTcpAsync(
            RawOrigin(static async wire =>
            {
                await wire.ReadExactlyAsync(2); // as above: the client is connected by then
                await wire.SendAsync("hello");
                await wire.ReadToEndAsync();
            }),
            "%ts",
            rules => rules.InspectDelay(TimeSpan.FromSeconds(5)).SetVariable("sess.x", Value.Parse("throws", language), when: When("{ res.len ge 5 }")));
        var client = await ConnectAsync();
        await client.SendRawAsync("hi");

        Assert.Empty(await ReadAsync(client));
        Assert.Equal("ID", await LineAsync());
    }

    private Task StartTcpAsync(WireOrigin origin, string format, Action<ResponseContentRulesBuilder> rules) => StartAsync(
        origin,
        frontend => frontend.Mode(ProxyMode.Tcp).Configure(o => o.LogFormat = format),
        backend => backend.Mode(ProxyMode.Tcp).OnResponseContent(rules));

    private async Task<string> LineAsync() => (await Log.WaitForAsync(static e => e.Category == "ProxyKit.Access")).Message;

    private static async Task<byte[]> ReadAsync(WireClient client)
    {
        try
        {
            return await client.Wire.ReadToEndAsync();
        }
        catch (IOException)
        {
            return []; // broken off
        }
    }

    private static Condition When(string text) => Match.Parse(text);

    public sealed class OverSockets() : ResponseRuleTests(Carrier.Sockets);

    public sealed class InMemory() : ResponseRuleTests(Carrier.Memory);

    public sealed class InPieces() : ResponseRuleTests(Carrier.Pieces);
}
