using ProxyKit.Testing;
using ProxyKit.Tests.Transport;
using ProxyKit.Transport;

namespace ProxyKit.Tests.Testing;

public sealed class ManualTimeProviderTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly List<string> _fired = [];

    [Fact]
    public void Clock_moves_only_when_told()
    {
        var (utc, stamp) = (_time.GetUtcNow(), _time.GetTimestamp());

        _time.Advance(TimeSpan.FromMinutes(3));

        Assert.Equal(TimeSpan.FromMinutes(3), _time.GetUtcNow() - utc);
        Assert.Equal(TimeSpan.FromMinutes(3), _time.GetElapsedTime(stamp));
    }

    [Fact]
    public void Timers_fire_in_the_order_of_their_times_and_see_their_own_time()
    {
        var start = _time.GetTimestamp();
        Set("late", 30);
        Set("early", 10);
        Set("early too", 10);
        Set("never", 61);

        _time.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(["early at 10", "early too at 10", "late at 30"], _fired);
        Assert.Equal(1, _time.ActiveTimers);

        void Set(string name, int seconds) => _time.CreateTimer(
            _ => _fired.Add($"{name} at {_time.GetElapsedTime(start).TotalSeconds}"), null, TimeSpan.FromSeconds(seconds), Timeout.InfiniteTimeSpan);
    }

    [Fact]
    public void Clock_moves_from_one_timer_to_the_next_but_no_further_than_told()
    {
        var start = _time.GetTimestamp();
        _time.CreateTimer(_ => _fired.Add("first"), null, TimeSpan.FromSeconds(10), Timeout.InfiniteTimeSpan);
        _time.CreateTimer(_ => _fired.Add("second"), null, TimeSpan.FromSeconds(100), Timeout.InfiniteTimeSpan);

        _time.AdvanceToNext(TimeSpan.FromSeconds(60));
        Assert.Equal((10, 1), (_time.GetElapsedTime(start).TotalSeconds, _fired.Count));
        _time.AdvanceToNext(TimeSpan.FromSeconds(60));

        Assert.Equal((70, 1), (_time.GetElapsedTime(start).TotalSeconds, _fired.Count));
    }

    [Fact]
    public void Wheel_that_turns_past_empty_slots_does_not_stop_the_clock_and_a_deadline_does()
    {
        using var wheel = new TimerWheel(_time);
        var deadline = new CountingDeadline(wheel);
        deadline.Set(TimeSpan.FromSeconds(3));
        var start = _time.GetTimestamp();

        _time.AdvanceToNext(TimeSpan.FromSeconds(60));

        Assert.True(deadline.HasFired);
        Assert.InRange(_time.GetElapsedTime(start).TotalSeconds, 3, 3.04);
    }

    [Fact]
    public void Clock_that_lets_others_finish_goes_on_behind_them()
    {
        var time = new ManualTimeProvider { LetsOthersFinish = true };
        var start = time.GetTimestamp();
        TimeSpan? seen = null;
        time.CreateTimer(
            _ => ThreadPool.QueueUserWorkItem(_ =>
            {
                Thread.SpinWait(5_000_000);
                seen = time.GetElapsedTime(start);
            }),
            null,
            TimeSpan.FromSeconds(10),
            Timeout.InfiniteTimeSpan);

        time.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(TimeSpan.FromSeconds(10), seen);
    }

    [Fact]
    public void Periodic_timer_fires_every_period_until_it_is_changed_in_its_own_callback()
    {
        ITimer? timer = null;
        timer = _time.CreateTimer(Fire, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));

        _time.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(3, _fired.Count);
        Assert.Equal(0, _time.ActiveTimers);

        void Fire(object? state)
        {
            _fired.Add("x");
            if (_fired.Count == 3)
            {
                timer!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan); // set before it can fire
            }
        }
    }

    [Fact]
    public void Timer_set_by_a_timer_fires_in_the_same_advance()
    {
        _time.CreateTimer(
            _ => _time.CreateTimer(_ => _fired.Add("second"), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan),
            null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);

        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(["second"], _fired);
    }

    [Fact]
    public async Task Tokens_and_delays_of_the_base_framework_follow_the_clock()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(5), _time);
        var delay = Task.Delay(TimeSpan.FromSeconds(5), _time, TestContext.Current.CancellationToken);

        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(source.IsCancellationRequested || delay.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(source.IsCancellationRequested);
        await delay.InTimeAsync();
    }
}
