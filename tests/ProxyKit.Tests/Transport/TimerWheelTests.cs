using ProxyKit.Testing;
using ProxyKit.Transport;

namespace ProxyKit.Tests.Transport;

public sealed class TimerWheelTests : IDisposable
{
    /// <summary>A deadline may be late by two ticks, never early.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(2 * TimerWheel.TickMilliseconds);

    private readonly ManualTimeProvider _time = new();
    private readonly TimerWheel _wheel;

    public TimerWheelTests() => _wheel = new TimerWheel(_time);

    public void Dispose() => _wheel.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(19)]
    [InlineData(20)]
    [InlineData(21)]
    [InlineData(5_000)]
    [InlineData(20_480)]
    [InlineData(20_481)]
    [InlineData(3_600_000)]
    public async Task Deadline_fires_once_and_never_early(int milliseconds)
    {
        _time.Advance(TimeSpan.FromMilliseconds(7)); // the wheel's ticks and the deadlines need not agree
        var deadline = new CountingDeadline(_wheel);
        deadline.Set(TimeSpan.FromMilliseconds(milliseconds));

        _time.Advance(TimeSpan.FromMilliseconds(milliseconds - 1));
        Assert.False(deadline.HasFired);

        _time.Advance(TimeSpan.FromMilliseconds(1) + Slack);
        Assert.True(deadline.HasFired);
        await deadline.Fired(1).InTimeAsync();

        _time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(1, deadline.Count);
        Assert.True(deadline.Clear());
        Assert.False(deadline.Clear());
    }

    [Fact]
    public void Cleared_deadline_does_not_fire()
    {
        var deadline = new CountingDeadline(_wheel);
        deadline.Set(TimeSpan.FromSeconds(1));

        Assert.False(deadline.Clear());
        _time.Advance(TimeSpan.FromHours(1));

        Assert.False(deadline.HasFired);
        Assert.Equal(0, deadline.Count);
    }

    [Fact]
    public async Task Deadline_can_be_moved_earlier_and_later()
    {
        var earlier = new CountingDeadline(_wheel);
        earlier.Set(TimeSpan.FromSeconds(30));
        earlier.Set(TimeSpan.FromSeconds(1));
        var later = new CountingDeadline(_wheel);
        later.Set(TimeSpan.FromSeconds(1));
        later.Set(TimeSpan.FromSeconds(30));

        _time.Advance(TimeSpan.FromSeconds(1) + Slack);
        Assert.True(earlier.HasFired);
        Assert.False(later.HasFired);

        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.True(later.HasFired);
        await earlier.Fired(1).InTimeAsync();
        await later.Fired(1).InTimeAsync();
    }

    [Fact]
    public async Task Deadline_set_again_after_it_fired_fires_again()
    {
        var deadline = new CountingDeadline(_wheel);
        for (var round = 1; round <= 3; round++)
        {
            deadline.Set(TimeSpan.FromSeconds(1));
            Assert.True(deadline.IsSet);
            _time.Advance(TimeSpan.FromSeconds(1) + Slack);
            await deadline.Fired(round).InTimeAsync();
            Assert.False(deadline.IsSet);
            Assert.True(deadline.Clear());
        }

        Assert.Equal(3, deadline.Count);
    }

    [Fact]
    public void No_limit_is_none()
    {
        var deadline = new CountingDeadline(_wheel);
        deadline.Set(TimeSpan.FromSeconds(1));
        deadline.Set(null);

        _time.Advance(TimeSpan.FromHours(1));

        Assert.False(deadline.IsSet);
        Assert.False(deadline.HasFired);
    }

    [Fact]
    public void Retired_deadline_leaves_the_wheel_and_an_empty_wheel_stands_still()
    {
        Assert.Equal(0, _time.ActiveTimers);
        var deadline = new CountingDeadline(_wheel);
        deadline.Set(TimeSpan.FromMinutes(1));
        Assert.Equal(1, _time.ActiveTimers);

        deadline.Retire();
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(0, _time.ActiveTimers);
        Assert.Equal(0, deadline.Count);
    }

    [Fact]
    public void Wheel_that_stood_still_runs_on_time_again()
    {
        var first = new CountingDeadline(_wheel);
        first.Set(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(0, _time.ActiveTimers);
        _time.Advance(TimeSpan.FromHours(5));

        var second = new CountingDeadline(_wheel);
        second.Set(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(second.HasFired);
        _time.Advance(TimeSpan.FromMilliseconds(1) + Slack);
        Assert.True(second.HasFired);
    }

    [Fact]
    public void Clock_that_jumps_fires_all_that_is_due_and_nothing_else()
    {
        var wheel = new TimerWheel(new JumpingTimeProvider(out var jump, out var tick));
        var due = Enumerable.Range(1, 200).Select(i => Set(TimeSpan.FromMilliseconds(i * 977))).ToList();
        var notDue = Enumerable.Range(1, 200).Select(i => Set(TimeSpan.FromMinutes(60) + TimeSpan.FromMilliseconds(i * 977))).ToList();

        jump(TimeSpan.FromMinutes(50));
        tick();

        Assert.All(due, deadline => Assert.True(deadline.HasFired));
        Assert.All(notDue, deadline => Assert.False(deadline.HasFired));
        jump(TimeSpan.FromMinutes(20));
        tick();
        Assert.All(notDue, deadline => Assert.True(deadline.HasFired));

        CountingDeadline Set(TimeSpan limit)
        {
            var deadline = new CountingDeadline(wheel);
            deadline.Set(limit);
            return deadline;
        }
    }

    [Fact]
    public async Task Deadline_that_fired_while_it_was_being_set_fires_once()
    {
        var deadline = new CountingDeadline(_wheel);
        deadline.Set(TimeSpan.FromMilliseconds(1));
        _time.Advance(TimeSpan.FromMilliseconds(1) + Slack);
        Assert.True(deadline.HasFired);

        // Its owner read, before it fired, that it was in no slot, and only now comes to put it into one.
        _wheel.Insert(deadline, _wheel.Now);
        _time.Advance(TimeSpan.FromSeconds(1));

        await deadline.Fired(1).InTimeAsync();
        await CountingDeadline.PoolIsIdleAsync(_wheel, _time);
        Assert.Equal(1, deadline.Count);
    }

    [Fact]
    public async Task Clear_and_fire_agree_on_who_was_first()
    {
        var owners = Enumerable.Range(0, 4).Select(seed => Task.Run(() => SetAndClear(seed), TestContext.Current.CancellationToken)).ToList();
        var all = Task.WhenAll(owners);
        while (!all.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
        }

        foreach (var (deadline, tooLate) in await all)
        {
            await deadline.Fired(tooLate).InTimeAsync();
            Assert.Equal(tooLate, deadline.Count);
        }

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, _time.ActiveTimers);

        (CountingDeadline Deadline, long TooLate) SetAndClear(int seed)
        {
            var random = new Random(seed);
            var deadline = new CountingDeadline(_wheel);
            long tooLate = 0;
            for (var i = 0; i < 20_000; i++)
            {
                deadline.Set(TimeSpan.FromMilliseconds(random.Next(1, 60)));
                Thread.SpinWait(random.Next(200));
                if (deadline.Clear())
                {
                    tooLate++;
                }
            }

            deadline.Retire();
            return (deadline, tooLate);
        }
    }
}
