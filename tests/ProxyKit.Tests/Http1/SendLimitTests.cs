using ProxyKit.Http1;
using ProxyKit.Testing;
using ProxyKit.Testing.InMemory;
using ProxyKit.Tests.Transport;
using ProxyKit.Transport;

namespace ProxyKit.Tests.Http1;

public sealed class SendLimitTests : IDisposable
{
    private const int Capacity = 1000;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);

    private readonly ManualTimeProvider _time = new() { LetsOthersFinish = true };
    private readonly TimerWheel _wheel;
    private readonly Connection _sender, _taker;
    private readonly SendLimit _limit;

    public SendLimitTests()
    {
        _wheel = new TimerWheel(_time);
        (_sender, _taker) = InMemoryTransport.MakePair(Capacity);
        _limit = new SendLimit(_wheel, _sender);
    }

    public void Dispose()
    {
        _sender.Dispose();
        _taker.Dispose();
        _wheel.Dispose();
    }

    [Fact]
    public async Task Peer_that_takes_little_at_a_time_is_given_the_limit_anew_each_time()
    {
        const int Portion = 3 * Capacity; // so much at once cannot have been under way: the sender has moved since the last step
        var sending = _limit.SendAsync(new byte[10 * Portion], Limit).AsTask();
        for (var i = 0; i < 10; i++)
        {
            await _taker.ReadTextAsync(Portion);
            _time.Advance(Limit * 0.9);
        }

        Assert.Equal(IoResult.Moved(10 * Portion), await sending.InTimeAsync());
    }

    [Fact]
    public async Task Peer_that_stops_taking_is_broken_off_at_the_limit()
    {
        var sending = _limit.SendAsync(new byte[10 * Capacity], Limit).AsTask();
        await _taker.ReadTextAsync(Capacity + 1);

        _time.Advance(Limit * 0.9);
        Assert.False(sending.IsCompleted);
        while (!sending.IsCompleted)
        {
            _time.Advance(Limit * 0.2); // a step may come before the sender has noticed what was taken, and counts for nothing then
            await Task.Yield();
        }

        Assert.Equal(IoResult.Failed(TransportError.TimedOut), await sending.InTimeAsync());
        Assert.Equal(TransportError.Reset, (await _taker.ReadToEndAsync(() => Capacity)).Error);
    }

    [Fact]
    public async Task Without_a_limit_a_send_waits_as_long_as_it_takes()
    {
        var sending = _limit.SendAsync(new byte[2 * Capacity], null).AsTask();
        _time.Advance(TimeSpan.FromHours(1));

        await _taker.ReadTextAsync(2 * Capacity);

        Assert.Equal(IoResult.Moved(2 * Capacity), await sending.InTimeAsync());
    }
}
