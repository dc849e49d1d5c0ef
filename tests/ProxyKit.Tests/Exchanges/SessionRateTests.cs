using ProxyKit.Testing;
using ProxyKit.Exchanges;

namespace ProxyKit.Tests.Exchanges;

public sealed class SessionRateTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void As_many_begin_in_a_second_as_the_limit_says()
    {
        var rate = new SessionRate(_time) { Limit = 3 };

        Assert.Equal([true, true, true, false, false], Enumerable.Range(0, 5).Select(_ => rate.TryBegin()));
    }

    /// <summary>The time that is told is the first moment at which one fits, to the millisecond.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(999)]
    public void Wait_ends_exactly_when_one_fits(int limit)
    {
        var rate = new SessionRate(_time) { Limit = limit };
        var random = new Random(limit);
        for (var i = 0; i < 2000; i++)
        {
            while (rate.TryBegin())
            {
            }

            var wait = rate.TimeUntilRoom();
            Assert.True(wait > TimeSpan.Zero);
            if (random.Next(4) > 0)
            {
                _time.Advance(wait - TimeSpan.FromMilliseconds(1));
                Assert.False(rate.TryBegin());
                _time.Advance(TimeSpan.FromMilliseconds(1));
                Assert.Equal(TimeSpan.Zero, rate.TimeUntilRoom());
                Assert.True(rate.TryBegin());
            }
            else
            {
                _time.Advance(TimeSpan.FromMilliseconds(random.Next(3000)));
            }
        }
    }

    [Fact]
    public void Steady_demand_gets_the_limit_every_second()
    {
        var rate = new SessionRate(_time) { Limit = 50 };
        var begun = 0;
        for (var i = 0; i < 10_000; i++)
        {
            begun += rate.TryBegin() ? 1 : 0;
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.InRange(begun, 490, 550);
    }

    [Fact]
    public void What_became_no_session_does_not_count()
    {
        var rate = new SessionRate(_time) { Limit = 1 };
        Assert.True(rate.TryBegin());

        rate.TakeBack();

        Assert.True(rate.TryBegin());
    }

    [Fact]
    public void Without_a_limit_nothing_is_counted()
    {
        var rate = new SessionRate(_time);

        Assert.True(rate.TryBegin());
        Assert.Equal(TimeSpan.Zero, rate.TimeUntilRoom());
    }
}
