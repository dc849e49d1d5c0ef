using ProxyKit.Queueing;

namespace ProxyKit.Tests.Queueing;

public sealed class LateQueueTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    [Fact]
    public void Who_could_not_be_served_in_its_time_is_refused_at_once()
    {
        using var bench = new QueueBench(static o => o.Queue.DropsLate = true, 1);
        bench.Fill();
        var waiting = Enumerable.Range(0, 25).Select(_ => bench.Wait(limit: TimeSpan.FromMinutes(1))).ToList();
        Drain(bench, 20, TimeSpan.FromMilliseconds(100)); // ten a second, five are left

        Assert.Null(bench.Wait(limit: Limit).Outcome); // 0.6 s
        waiting.AddRange(Enumerable.Range(0, 10).Select(_ => bench.Wait(limit: TimeSpan.FromMinutes(1))));
        Assert.Equal(QueueOutcome.Refused, bench.Wait(limit: Limit).Outcome); // 1.7 s
        Assert.Null(bench.Wait().Outcome); // it has all the time
    }

    [Fact]
    public void Nobody_is_refused_where_nothing_is_known_of_how_fast_it_goes()
    {
        using var bench = new QueueBench(static o => o.Queue.DropsLate = true, 1);
        bench.Fill();

        Assert.All(Enumerable.Range(0, 1000), _ => Assert.Null(bench.Wait(limit: Limit).Outcome));
    }

    [Fact]
    public void Nobody_is_refused_where_that_is_not_asked_for()
    {
        using var bench = new QueueBench(1);
        bench.Fill();
        var waiting = Enumerable.Range(0, 25).Select(_ => bench.Wait()).ToList();
        Drain(bench, 5, TimeSpan.FromMilliseconds(400));

        Assert.Null(bench.Wait(limit: Limit).Outcome);
        Assert.Equal(20, waiting.Count(static w => !w.IsOver));
    }

    [Fact]
    public void Those_who_wait_already_are_let_go_when_the_servers_slow_down()
    {
        using var bench = new QueueBench(static o => o.Queue.DropsLate = true, 1);
        bench.Fill();
        var patient = Enumerable.Range(0, 15).Select(_ => bench.Wait(limit: TimeSpan.FromMinutes(10))).ToList();
        Drain(bench, 10, TimeSpan.FromMilliseconds(100));
        var all = Enumerable.Range(0, 10).Select(_ => bench.Wait(limit: TimeSpan.FromSeconds(2))).ToList();
        Assert.All(all, static w => Assert.Null(w.Outcome)); // 1.5 s at ten a second

        Drain(bench, 1, TimeSpan.FromMilliseconds(900)); // one in 0.9 s

        Assert.Equal(QueueOutcome.TimedOut, all[^1].Outcome);
        Assert.Contains(patient, static w => !w.IsOver);
    }

    [Fact]
    public void Wait_is_estimated_from_how_fast_it_goes()
    {
        using var bench = new QueueBench(1);
        bench.Fill();
        Assert.Null(bench.Queue.EstimateWait(default));
        var waiting = Enumerable.Range(0, 25).Select(_ => bench.Wait()).ToList();
        Drain(bench, 20, TimeSpan.FromMilliseconds(100));

        Assert.Equal(5, waiting.Count(static w => !w.IsOver));
        Assert.InRange(bench.Queue.EstimateWait(default)!.Value.TotalMilliseconds, 500, 700);
    }

    private static void Drain(QueueBench bench, int count, TimeSpan each)
    {
        for (var i = 0; i < count; i++)
        {
            bench.Time.Advance(each);
            bench.Free();
        }
    }
}
