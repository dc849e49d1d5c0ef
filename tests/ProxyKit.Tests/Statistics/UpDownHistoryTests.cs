using ProxyKit.Statistics;
using ProxyKit.Testing;

namespace ProxyKit.Tests.Statistics;

public sealed class UpDownHistoryTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly UpDownHistory _history;

    public UpDownHistoryTests() => _history = new UpDownHistory(_time);

    [Fact]
    public void What_it_is_at_first_is_no_change()
    {
        _history.Note(isDown: true);
        Pass(3);

        Assert.Equal(new UpDownReading(0, Seconds(3), Seconds(3)), _history.Read());
    }

    [Fact]
    public void Time_down_adds_up_over_outages()
    {
        _history.Note(isDown: false);
        Pass(10);
        _history.Note(isDown: true);
        Pass(3);
        _history.Note(isDown: false);
        Pass(10);
        _history.Note(isDown: true);
        Pass(4);

        Assert.Equal(new UpDownReading(2, Seconds(7), Seconds(4)), _history.Read());
    }

    [Fact]
    public void What_stays_as_it_is_is_no_change()
    {
        _history.Note(isDown: false);
        Pass(1);
        _history.Note(isDown: false);

        Assert.Equal(Seconds(1), _history.Read().SinceChange);
    }

    [Fact]
    public void Another_way_of_being_down_is_a_change_and_down_all_the_same()
    {
        _history.Note(isDown: false);
        _history.Note(isDown: true, state: 1);
        Pass(2);
        _history.Note(isDown: true, state: 2);
        Pass(3);

        Assert.Equal(new UpDownReading(1, Seconds(5), Seconds(3)), _history.Read());
    }

    [Fact]
    public void Going_down_by_wish_does_not_count()
    {
        _history.Note(isDown: false);
        _history.Note(isDown: true, state: 1, counts: false);
        Pass(2);

        Assert.Equal(new UpDownReading(0, Seconds(2), Seconds(2)), _history.Read());
    }

    private void Pass(int seconds) => _time.Advance(Seconds(seconds));

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}
