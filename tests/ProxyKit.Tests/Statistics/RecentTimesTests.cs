using ProxyKit.Statistics;

namespace ProxyKit.Tests.Statistics;

public sealed class RecentTimesTests
{
    private RecentTimes _times;

    [Fact]
    public void Few_times_have_their_mean_rounded_up()
    {
        Assert.Equal(0, _times.Mean);
        Add(100);
        Assert.Equal(100, _times.Mean);
        Add(0);
        Add(1);
        Assert.Equal(34, _times.Mean); // 101 / 3
    }

    [Fact]
    public void Mean_forgets_those_of_long_ago()
    {
        Add(1000, 1024);
        Assert.Equal(1000, _times.Mean);

        Add(10, 1024);
        Assert.InRange(_times.Mean, 300, 450); // a third of the old ones are still felt

        Add(10, 8 * 1024);
        Assert.InRange(_times.Mean, 10, 11);
    }

    [Fact]
    public void Longest_time_stays()
    {
        Add(5);
        Add(7);
        Add(6);

        Assert.Equal(7, _times.Longest);
    }

    private void Add(long milliseconds, int count = 1)
    {
        for (var i = 0; i < count; i++)
        {
            _times.Add(milliseconds);
        }
    }
}
