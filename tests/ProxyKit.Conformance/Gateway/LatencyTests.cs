using System.Diagnostics;

namespace ProxyKit.Conformance.Gateway;

/// <summary>PT-12: what a request takes longer through the proxy. How much, is the benchmarks' business; that it stays far below what a user could
/// notice, is this one's.</summary>
public sealed class LatencyTests() : ProxyTest(Carrier.Sockets)
{
    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(5);

    [Fact]
    public async Task Request_takes_hardly_longer_through_the_proxy()
    {
        var origin = OkOrigin();
        await StartAsync(origin);
        var (direct, through) = (DisposeFirst(await WireClient.ConnectAsync(System.Net.IPEndPoint.Parse(origin.Address))), await ConnectAsync());
        await GetAsync(direct);
        await GetAsync(through);
        var (took, tookThrough) = (new List<TimeSpan>(), new List<TimeSpan>());

        for (var i = 0; i < 301; i++) // by turns, so that both meet the same machine
        {
            took.Add(await TimeAsync(direct));
            tookThrough.Add(await TimeAsync(through));
        }

        Assert.InRange(tookThrough.Order().ElementAt(150) - took.Order().ElementAt(150), TimeSpan.MinValue, Budget);
    }

    private static async Task<TimeSpan> TimeAsync(WireClient client)
    {
        var watch = Stopwatch.StartNew();
        await GetAsync(client);
        return watch.Elapsed;
    }
}
