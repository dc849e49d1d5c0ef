using ProxyKit.Metering;
using ProxyKit.Transport;

namespace ProxyKit.Conformance.Gateway;

/// <summary>A stop that breaks a connection off between an answer's last byte and the event that tells of it.</summary>
public sealed class ChargedAtStopTests() : ProxyTest(Carrier.Memory, signalsInline: true)
{
    [Fact]
    public async Task Answer_that_went_out_whole_is_charged()
    {
        var store = new InMemoryUsageStore();
        await StartAsync(Compose([OkOrigin()]) + (p => p.AddMetering(m => m.Store(store).CountBy(Value.Parse("req.hdr(x-client)")))));
        var proxy = Proxy;
        var result = await Network.ConnectAsync(new ConnectOptions { EndPoint = proxy.EndPoints[0]! }, TestContext.Current.CancellationToken);
        using var client = result.Connection!; // its listener is there
        var brokenOff = BreakOffInsideTheSendAsync(proxy, client); // waits before there is anything to send: or it would not go on inside

        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\nX-Client: acme\r\n\r\n"u8.ToArray());
        var stopping = await brokenOff.InTimeAsync();
        await stopping.InTimeAsync();

        var usage = Assert.Single(store.Events);
        Assert.Equal(("acme", 200, UsageOutcome.Served), (usage.Client, usage.Status, usage.Outcome));
        Assert.Equal("--", (await LoggedAsync()).End);
    }

    /// <summary>Goes on inside the send of the answer, which does not return to the proxy before the stop has broken the connection off.</summary>
    private static async Task<Task> BreakOffInsideTheSendAsync(Proxy proxy, Connection client)
    {
        var buffer = new byte[1024];
        var answer = await client.ReceiveAsync(buffer).ConfigureAwait(false);
        Assert.EndsWith("\r\n\r\nok", System.Text.Encoding.ASCII.GetString(buffer, 0, answer.Bytes), StringComparison.Ordinal);
        var stopping = Task.Run(() => proxy.StopAsync(new CancellationToken(canceled: true)));
        var end = client.ReceiveAsync(buffer).AsTask();
        Assert.True(end.Wait(Patience.Limit), "The stop breaks nothing off.");
        Assert.Equal(TransportError.Reset, (await end).Error);
        return stopping;
    }
}
