using ProxyKit.Testing;
using ProxyKit.Backends;
using ProxyKit.Queueing;

namespace ProxyKit.Tests.Queueing;

public sealed class BackendQueueTests
{
    [Fact]
    public void Waiters_get_slots_in_the_order_in_which_they_came()
    {
        using var bench = new QueueBench(1);
        bench.Fill();

        Assert.Equal("a b c", bench.Order(("a", bench.Wait()), ("b", bench.Wait()), ("c", bench.Wait())));
    }

    [Fact]
    public void Lower_class_goes_first_whatever_the_time()
    {
        using var bench = new QueueBench(1);
        bench.Fill();
        var late = bench.Wait(ticket: new(Class: 5, Offset: -100_000));

        Assert.Equal("b c a", bench.Order(("a", late), ("b", bench.Wait(ticket: new(-5, 0))), ("c", bench.Wait())));
    }

    [Fact]
    public void Offset_moves_within_a_class()
    {
        using var bench = new QueueBench(1);
        bench.Fill();

        Assert.Equal("c b a", bench.Order(
            ("a", bench.Wait(ticket: new(0, 10))), ("b", bench.Wait()), ("c", bench.Wait(ticket: new(0, -10)))));
    }

    /// <summary>HAProxy's own clock for this has twenty bits; ours does not turn over.</summary>
    [Fact]
    public void Who_has_waited_for_an_hour_still_goes_first()
    {
        using var bench = new QueueBench(1);
        bench.Fill();
        var early = bench.Wait();
        bench.Time.Advance(TimeSpan.FromHours(1));

        Assert.Equal("a b", bench.Order(("a", early), ("b", bench.Wait(ticket: new(0, -524_287)))));
    }

    /// <summary>Q-10.</summary>
    [Fact]
    public void Freed_server_takes_the_older_one_of_its_own_queue_and_of_the_common_one()
    {
        using var bench = new QueueBench(1);
        bench.Fill();
        var bound = bench.Wait(server: 0);
        bench.Time.Advance(TimeSpan.FromMilliseconds(1));
        var any = bench.Wait();
        bench.Time.Advance(TimeSpan.FromMilliseconds(1));
        var bound2 = bench.Wait(server: 0);

        Assert.Equal("a b c", bench.Order(("a", bound), ("b", any), ("c", bound2)));
    }

    [Fact]
    public void Tie_goes_to_the_servers_own_queue()
    {
        using var bench = new QueueBench(1);
        bench.Fill();
        var any = bench.Wait();
        var bound = bench.Wait(server: 0);

        Assert.Equal("bound any", bench.Order(("any", any), ("bound", bound)));
    }

    [Fact]
    public void Better_class_of_the_common_queue_goes_before_the_servers_own()
    {
        using var bench = new QueueBench(1);
        bench.Fill();
        var bound = bench.Wait(server: 0);
        bench.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("any bound", bench.Order(("bound", bound), ("any", bench.Wait(ticket: new(-1, 0)))));
    }

    [Fact]
    public void Waiter_for_any_goes_to_the_server_that_is_free_first()
    {
        using var bench = new QueueBench(1, 1);
        bench.Fill(0);
        bench.Fill(1);
        var any = bench.Wait();

        bench.Free(1);

        Assert.Equal("s2", any.Server);
    }

    [Fact]
    public void Waiter_for_one_server_leaves_others_alone()
    {
        using var bench = new QueueBench(1, 1);
        bench.Fill(0);
        var bound = bench.Wait(server: 0);

        bench.Fill(1);
        bench.Free(1);

        Assert.Null(bound.Outcome);
    }

    /// <summary>Nobody takes a slot that somebody waits for, also between its release and its next owner.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    public void Slot_is_not_taken_past_those_who_wait(int? server)
    {
        using var bench = new QueueBench(1);
        bench.Fill();
        bench.Wait(server);
        bench[0].Leave(); // given back, and the queue not told yet

        Assert.False(bench[0].TryEnter());
    }

    /// <summary>Q-11.</summary>
    [Fact]
    public void Server_of_weight_0_serves_its_own_queue_and_no_other()
    {
        using var bench = new QueueBench(1, 1);
        bench.Fill(0);
        bench.Fill(1);
        var (any, bound) = (bench.Wait(), bench.Wait(server: 1));
        bench[1].SetWeight(0);

        bench.Free(1);
        bench.Free(1);

        Assert.Equal("s2", bound.Server);
        Assert.Null(any.Outcome);
    }

    [Fact]
    public void Backup_takes_nothing_while_an_active_server_is_full()
    {
        using var bench = new QueueBench(1, -1);
        bench.Fill(0);

        Assert.Null(bench.Wait().Outcome);
    }

    [Fact]
    public void First_backup_takes_over_when_the_last_active_server_fails()
    {
        using var bench = new QueueBench(1, -1, -1);
        bench.Fill(0);
        var (first, second) = (bench.Wait(), bench.Wait());

        bench[0].SetAvailability(ServerAvailability.Down);

        Assert.Equal("s2", first.Server);
        Assert.Null(second.Outcome);
    }

    [Fact]
    public void All_are_told_when_no_server_is_left()
    {
        using var bench = new QueueBench(1);
        bench.Fill();
        var any = bench.Wait();

        bench[0].SetAvailability(ServerAvailability.Down);

        Assert.Equal(QueueOutcome.NoServer, any.Outcome);
    }

    /// <summary>The servers are gone by the time it comes to the queue, and nothing will happen any more that could wake it.</summary>
    [Fact]
    public void Who_comes_when_no_server_is_left_is_told_at_once()
    {
        using var bench = new QueueBench(1);
        bench.Fill();
        bench[0].SetAvailability(ServerAvailability.Down);

        Assert.Equal(QueueOutcome.NoServer, bench.Wait().Outcome);
        Assert.Equal(QueueOutcome.Released, bench.Wait(server: 0).Outcome);
    }

    /// <summary>Q-12.</summary>
    [Theory]
    [InlineData(ServerAvailability.Down, true, false, QueueOutcome.Released)]
    [InlineData(ServerAvailability.Down, false, false, null)]
    [InlineData(ServerAvailability.Down, true, true, null)]
    [InlineData(ServerAvailability.Maintenance, false, false, QueueOutcome.Released)]
    [InlineData(ServerAvailability.Maintenance, false, true, null)]
    [InlineData(ServerAvailability.BoundOnly, true, false, null)]
    public void Who_waits_for_a_server_that_goes_looks_for_another_one_where_it_may(
        object availability, bool redispatches, bool isForced, object? expected)
    {
        using var bench = new QueueBench(o => o.Redispatch = redispatches, 1, 1);
        bench.Fill(0);
        var bound = bench.Wait(server: 0, isForced: isForced);

        bench[0].SetAvailability((ServerAvailability)availability);

        Assert.Equal((QueueOutcome?)expected, bound.Outcome);
    }

    [Fact]
    public void Blocked_server_lets_go_of_those_who_wait_for_it()
    {
        using var bench = new QueueBench(1, 1);
        bench.Fill(0);
        var bound = bench.Wait(server: 0);

        bench[0].SetCircuit(isOpen: true, trials: 0, generation: 1);

        Assert.Equal(QueueOutcome.Released, bound.Outcome);
    }

    /// <summary>Q-28.</summary>
    [Fact]
    public void Raised_limit_lets_those_start_who_wait()
    {
        using var bench = new QueueBench(1);
        bench.Fill();
        var waiting = Enumerable.Range(0, 5).Select(_ => bench.Wait()).ToArray();

        bench[0].SetMaxConnections(5);
        Assert.Equal([true, true, true, true, false], waiting.Select(static w => w.IsOver));

        bench[0].SetMaxConnections(0);
        Assert.Equal("s1", waiting[4].Server);
    }

    /// <summary>Q-16.</summary>
    [Fact]
    public void Queue_of_a_server_is_bounded()
    {
        using var bench = new QueueBench(o => o.Servers[0].MaxQueue = 1, 1);
        bench.Fill();

        Assert.Null(bench.Wait(server: 0).Outcome);
        Assert.Equal(QueueOutcome.ServerFull, bench.Wait(server: 0).Outcome);
        Assert.Null(bench.Wait().Outcome);
    }

    [Fact]
    public void Queue_of_the_backend_is_bounded()
    {
        using var bench = new QueueBench(o => o.Queue.Max = 2, 1, 1);
        bench.Fill(0);
        bench.Fill(1);
        var (any, bound) = (bench.Wait(), bench.Wait(server: 1));

        Assert.Equal(QueueOutcome.Refused, bench.Wait().Outcome);
        Assert.Equal((null, null), (any.Outcome, bound.Outcome));
    }

    [Fact]
    public void Full_queue_gives_the_place_of_the_last_of_the_worst_class_to_a_better_one()
    {
        using var bench = new QueueBench(o => o.Queue.Max = 3, 1);
        bench.Fill();
        var (first, second, third) = (bench.Wait(ticket: new(5, 0)), bench.Wait(ticket: new(5, 0)), bench.Wait());

        var better = bench.Wait();
        var worse = bench.Wait(ticket: new(6, 0));

        Assert.Equal((null, QueueOutcome.Refused, null), (first.Outcome, second.Outcome, third.Outcome));
        Assert.Equal((null, QueueOutcome.Refused), (better.Outcome, worse.Outcome));
    }

    [Fact]
    public async Task Wait_has_a_limit()
    {
        using var bench = new QueueBench(1);
        bench.Fill();
        var (short_, long_) = (bench.Wait(limit: TimeSpan.FromMilliseconds(100)), bench.Wait(limit: TimeSpan.FromSeconds(100)));

        bench.Time.Advance(TimeSpan.FromMilliseconds(200));

        Assert.Equal(QueueOutcome.TimedOut, await short_.Task.InTimeAsync());
        bench.Free();
        Assert.Equal("s1", long_.Server);
        Assert.Equal(0, long_.Waiter.WentBefore);
    }

    [Fact]
    public async Task Who_gives_up_leaves_its_place()
    {
        using var bench = new QueueBench(1);
        bench.Fill();
        var (gone, next) = (bench.Wait(), bench.Wait());

        gone.Waiter.GiveUp();
        bench.Free();
        gone.Waiter.GiveUp(); // too late, and nobody is harmed

        Assert.Equal(QueueOutcome.GivenUp, await gone.Task.InTimeAsync());
        Assert.Equal("s1", next.Server);
        Assert.Equal(0, bench.Queue.Waiting);
    }

    /// <summary>Q-30.</summary>
    [Fact]
    public void Place_is_how_many_were_served_meanwhile()
    {
        using var bench = new QueueBench(1);
        var direct = bench.Wait();
        var waiting = Enumerable.Range(0, 4).Select(_ => bench.Wait()).ToArray();

        _ = bench.Order([.. waiting.Select(static (w, i) => ($"{i}", w))]);

        Assert.Equal(-1, direct.Waiter.WentBefore); // it did not have to wait
        Assert.Equal([0, 1, 2, 3], waiting.Select(static w => w.Waiter.WentBefore));
    }

    [Fact]
    public void Waiting_is_counted_where_it_is()
    {
        using var bench = new QueueBench(1, 1);
        bench.Fill(0);
        bench.Fill(1);
        bench.Wait();
        bench.Wait(server: 1);
        var gone = bench.Wait(server: 1);

        Assert.Equal((3, 1, 0, 2), (bench.Queue.Waiting, bench.Queue.WaitingForAny, bench[0].Queued, bench[1].Queued));
        gone.Waiter.GiveUp();
        bench.Free(1);
        bench.Free(1);
        bench.Free(0);
        Assert.Equal((0, 0, 0, 0), (bench.Queue.Waiting, bench.Queue.WaitingForAny, bench[0].Queued, bench[1].Queued));
        Assert.Equal(1, bench.Queue.MostWaitingForAny);
    }
}
