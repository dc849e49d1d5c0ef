using ProxyKit.Queueing;

namespace ProxyKit.Tests.Queueing;

public sealed class DrainRateTests
{
    private readonly DrainRate _rate = new();

    [Fact]
    public void Rate_is_not_known_before_anybody_was_served()
    {
        _rate.Begin(100);

        Assert.Null(_rate.Read(900));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(250)]
    [InlineData(3000)]
    public void Steady_rate_is_told(int each)
    {
        _rate.Begin(0);
        var now = 0L;
        for (var i = 0; i < 5000; i++)
        {
            _rate.Count(now += each);
        }

        Assert.InRange(_rate.Read(now)!.Value * each, 0.9, 1.1);
    }

    [Fact]
    public void Time_in_which_nobody_waits_does_not_count()
    {
        _rate.Begin(0);
        for (var now = 10; now <= 2000; now += 10)
        {
            _rate.Count(now);
        }

        _rate.End(2000);
        _rate.Begin(1_000_000);

        Assert.Equal(0.1, _rate.Read(1_000_000)!.Value, 3);
    }

    [Fact]
    public void Rate_falls_when_nobody_is_served_any_more()
    {
        _rate.Begin(0);
        for (var now = 10; now <= 2000; now += 10)
        {
            _rate.Count(now);
        }

        Assert.Equal(1.0 / 10_000, _rate.Read(12_000)!.Value, 6);
    }
}
