using System.Text;
using ProxyKit.Http;
using ProxyKit.Http1;
using ProxyKit.Testing;
using ProxyKit.Testing.InMemory;
using ProxyKit.Transport;

namespace ProxyKit.Tests.Http1;

public sealed class IdleClientTests : IDisposable
{
    /// <summary>What it takes today on a 64-bit machine, and room for one more field in each of its three objects.</summary>
    private const int MostBytes = 240 + (3 * 8);

    private readonly TimerWheel _wheel = new(TimeProvider.System);
    private readonly Connection _client, _accepted;

    public IdleClientTests() => (_client, _accepted) = InMemoryTransport.MakePair(1000);

    public void Dispose()
    {
        _client.Dispose();
        _accepted.Dispose();
        _wheel.Dispose();
    }

    [Fact]
    public void Client_that_has_asked_for_nothing_costs_little()
    {
        _ = MakeDownstream(); // whatever is made once
        var before = GC.GetAllocatedBytesForCurrentThread();

        var downstream = MakeDownstream();

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
        GC.KeepAlive(downstream);
    }

    [Fact]
    public async Task Nothing_of_a_request_stays_when_its_exchange_is_over()
    {
        var downstream = MakeDownstream();
        await _client.SendAsync(Encoding.ASCII.GetBytes("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n"));
        Assert.True(await downstream.WaitForRequestAsync(Deadline.Never).AsTask().InTimeAsync());
        Assert.False((await downstream.ReceiveFirstAsync(true, Deadline.Never)).HasError);
        var head = new RequestHead();
        Assert.Equal(HeadStatus.Complete, (await downstream.ReceiveRequestAsync(head, Deadline.Never).AsTask().InTimeAsync()).Status);
        Assert.False(downstream.IsBodyComplete);
        Assert.NotEmpty(downstream.Buffer.Array);

        head.Release();
        downstream.EndExchange();

        Assert.True(downstream.IsBodyComplete); // there is no body any more
        Assert.Empty(downstream.Buffer.Array);
        downstream.Release();
    }

    private Http1Downstream MakeDownstream() => new(_accepted, BufferPool.Shared, _wheel);
}
