using ProxyKit.Statistics;

namespace ProxyKit.Tests.Statistics;

public sealed class RateCounterTests
{
    private const long Period = 10_000;
    private RateCounter _rate;

    [Fact]
    public void A_burst_reads_whole_for_a_period_and_then_fades_evenly()
    {
        for (var i = 0; i < 10; i++)
        {
            _rate.Add(1, Period, 1_000_000);
        }

        Assert.Equal(10, _rate.Read(Period, 1_000_000));
        Assert.Equal(10, _rate.Read(Period, 1_009_999));
        Assert.Equal(7, _rate.Read(Period, 1_012_500));
        Assert.Equal(5, _rate.Read(Period, 1_015_000));
        Assert.Equal(0, _rate.Read(Period, 1_020_000));
        Assert.Equal(0, _rate.Read(Period, 1_100_000));
    }

    [Fact]
    public void A_single_event_does_not_flap_in_the_period_behind_it()
    {
        _rate.Add(1, Period, 0);

        Assert.Equal(1, _rate.Read(Period, 19_999));
        Assert.Equal(0, _rate.Read(Period, 20_001));
    }

    [Fact]
    public void Events_of_two_periods_are_weighed_by_what_is_left()
    {
        _rate.Add(100, Period, 0);
        _rate.Add(10, Period, 15_000);

        Assert.Equal((100 * 5_000 + 10 * Period) / Period, _rate.Read(Period, 15_000));
        Assert.Equal(10, _rate.Read(Period, 20_000));
    }

    [Fact]
    public void An_event_after_more_than_two_periods_starts_over()
    {
        _rate.Add(100, Period, 0);

        Assert.Equal(1, _rate.Add(1, Period, 25_000));
        Assert.Equal(1, _rate.Read(Period, 25_000));
    }
}
