namespace ProxyKit.Conformance.Lifecycle;

/// <summary>Who is silent in a tunnel: whoever nothing goes to and nothing comes from, or, where directions are independent, whoever sends nothing.</summary>
/// <remarks>What has arrived proves that whatever was relayed before it is counted, and not that it is itself: so a step is less than half of the limit.</remarks>
public abstract class SilentSideTests(Carrier carrier) : ProxyTest(carrier)
{
    private const int Steps = 6;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task Client_that_is_being_sent_something_is_not_silent()
    {
        using var go = new Gate();
        await StartAsync(TalkingOrigin(go), areIndependent: false, ofClient: true);
        var client = await GreetAsync();

        for (var i = 0; i < Steps; i++)
        {
            Time.Advance(Step);
            go.Open();
            await client.Wire.ExpectAsync("more");
        }
    }

    [Fact]
    public async Task Client_that_sends_nothing_is_silent_where_directions_are_independent()
    {
        using var go = new Gate();
        await StartAsync(TalkingOrigin(go), areIndependent: true, ofClient: true);
        var client = await GreetAsync();

        var steps = 0;
        do
        {
            Time.Advance(Step);
            go.Open();
        }
        while ((await client.Wire.ReadSomeAsync()).Length > 0 && ++steps < Steps);

        go.Open(Steps);
        Assert.Equal("cD", (await LoggedAsync()).End);
    }

    [Fact]
    public async Task Server_that_is_being_sent_something_is_not_silent()
    {
        using var heard = new Gate();
        await StartAsync(ListeningOrigin(heard), areIndependent: false, ofClient: false);
        var client = await GreetAsync();

        for (var i = 0; i < Steps; i++)
        {
            Time.Advance(Step);
            await client.SendRawAsync("and");
            await heard.PassAsync();
        }

        await client.Wire.ExpectAsync("well");
    }

    [Fact]
    public async Task Server_that_sends_nothing_is_silent_where_directions_are_independent()
    {
        using var heard = new Gate();
        await StartAsync(ListeningOrigin(heard), areIndependent: true, ofClient: false);
        var client = await GreetAsync();

        await client.SendRawAsync("and");
        await heard.PassAsync();

        await AdvanceUntilAsync(client.ExpectClosedAsync());
        Assert.Equal("sD", (await LoggedAsync()).End);
    }

    private Task StartAsync(WireOrigin origin, bool areIndependent, bool ofClient) => StartAsync(
        origin,
        frontend => frontend.Mode(ProxyMode.Tcp).ClientTimeout(ofClient ? Limit : null).Configure(o => o.HasIndependentDirections = areIndependent),
        backend => backend.Mode(ProxyMode.Tcp).ServerTimeout(ofClient ? null : Limit).Configure(o => o.HasIndependentDirections = areIndependent));

    private async Task<WireClient> GreetAsync()
    {
        var client = await ConnectAsync();
        await client.SendRawAsync("hello");
        return client;
    }

    /// <summary>Says something as often as it may.</summary>
    private WireOrigin TalkingOrigin(Gate go) => RawOrigin(async wire =>
    {
        await wire.ExpectAsync("hello");
        for (var i = 0; i < Steps; i++)
        {
            await go.PassAsync();
            await wire.SendAsync("more");
        }

        await wire.ReadToEndAsync();
    });

    /// <summary>Tells of each thing it hears, and says something in the end.</summary>
    private WireOrigin ListeningOrigin(Gate heard) => RawOrigin(async wire =>
    {
        await wire.ExpectAsync("hello");
        for (var i = 0; i < Steps; i++)
        {
            await wire.ReadExactlyAsync("and".Length);
            heard.Open();
        }

        await wire.SendAsync("well");
        await wire.ReadToEndAsync();
    });

    public sealed class OverSockets() : SilentSideTests(Carrier.Sockets);

    public sealed class InMemory() : SilentSideTests(Carrier.Memory);
}
