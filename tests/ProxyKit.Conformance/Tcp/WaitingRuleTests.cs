using ProxyKit.Backends;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;

namespace ProxyKit.Conformance.Tcp;

/// <summary>A line in the log names the rule that has waited in vain for what the client was to send.</summary>
public sealed class WaitingRuleTests() : ProxyTest(Carrier.Memory)
{
    private const string Waiting = "{ req.payload(0,5) -m found }";

    [Fact]
    public async Task Rule_that_waited_is_told_where_the_client_is_refused_for_want_of_more()
    {
        await StartAsync(RuleActions.Reject);
        var client = await ConnectAsync();
        await client.SendRawAsync("he");

        await AdvanceUntilAsync(client.ExpectClosedAsync());

        Assert.Equal("gateway:1 gateway:2", await LineAsync());
    }

    [Fact]
    public async Task Rule_that_waited_is_told_where_the_connection_is_broken_off_meanwhile()
    {
        await StartAsync(RuleActions.Allow);
        var client = await ConnectAsync();
        await client.SendRawAsync("he");
        await UntilAsync(() => Buffers.Now > 0);

        await Proxy.StopAsync(new CancellationToken(canceled: true)).InTimeAsync();

        Assert.StartsWith("gateway:1 ", await LineAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rule_is_not_told_that_waited_for_what_came()
    {
        await StartAsync(RuleActions.Reject);
        var client = await ConnectAsync();
        await client.SendRawAsync("he");
        await UntilAsync(() => Buffers.Now > 0);
        await client.SendRawAsync("llo");
        await client.ExpectAsync("world");

        client.ShutdownSend();
        await client.ExpectClosedAsync();

        Assert.Equal("- gateway:1", await LineAsync());
    }

    [Fact]
    public async Task Rule_is_not_told_where_the_connection_goes_on_without_what_it_waited_for()
    {
        await StartAsync(RuleActions.Allow);
        var client = await ConnectAsync();
        await client.SendRawAsync("he");
        await AdvanceUntilAsync(client.ExpectAsync("world"));

        client.ShutdownSend();
        await client.ExpectClosedAsync();

        Assert.Equal("- gateway:2", await LineAsync());
    }

    private Task StartAsync(RuleAction behind) => StartAsync(
        RawOrigin(static async wire =>
        {
            await wire.ReadSomeAsync();
            await wire.SendAsync("world");
            await wire.ReadToEndAsync();
        }),
        frontend => frontend.Mode(ProxyMode.Tcp).OnContent(static rules => rules.InspectDelay(TimeSpan.FromSeconds(5))).Configure(o =>
        {
            o.LogFormat = "%[waiting_entity] %[last_entity]";
            o.Rules.Content.Add(new RuleOptions(RuleActions.Allow, Match.Parse(Waiting)) { Origin = "gateway:1" });
            o.Rules.Content.Add(new RuleOptions(behind) { Origin = "gateway:2" });
        }),
        static backend => backend.Mode(ProxyMode.Tcp));

    private async Task<string> LineAsync() => (await Log.WaitForAsync(static e => e.Category == "ProxyKit.Access")).Message;
}
