using ProxyKit.Queueing;

namespace ProxyKit.Tests.Queueing;

public sealed class FairQueueTests
{
    [Fact]
    public void Keys_take_turns_however_many_requests_each_sends()
    {
        using var bench = new QueueBench(1);
        bench.Fill();
        var noisy = Enumerable.Range(0, 4).Select(_ => bench.Wait(ticket: Of(1))).ToArray();
        var (second, third) = (bench.Wait(ticket: Of(2)), bench.Wait(ticket: Of(3)));

        Assert.Equal("a1 b c a2 a3 a4", bench.Order(
            ("a1", noisy[0]), ("a2", noisy[1]), ("a3", noisy[2]), ("a4", noisy[3]), ("b", second), ("c", third)));
    }

    [Fact]
    public void Classes_go_before_turns()
    {
        using var bench = new QueueBench(1);
        bench.Fill();
        var (first, second) = (bench.Wait(ticket: Of(1)), bench.Wait(ticket: Of(2)));

        Assert.Equal("c a b", bench.Order(("a", first), ("b", second), ("c", bench.Wait(ticket: new(-1, 0, Key: 1)))));
    }

    [Fact]
    public void Weight_is_how_many_go_at_each_turn()
    {
        using var bench = new QueueBench(1);
        bench.Fill();
        var a = Enumerable.Range(0, 5).Select(i => ($"a{i}", bench.Wait(ticket: Of(1, weight: 2)))).ToArray();
        var b = Enumerable.Range(0, 3).Select(i => ($"b{i}", bench.Wait(ticket: Of(2)))).ToArray();

        Assert.Equal("a0 a1 b0 a2 a3 b1 a4 b2", bench.Order([.. a, .. b]));
    }

    /// <summary>With every key waiting all the time, no key gets more than a turn ahead of another.</summary>
    [Fact]
    public void Shares_are_as_the_weights()
    {
        using var bench = new QueueBench(1);
        bench.Fill();
        int[] weights = [1, 2, 5];
        var served = new int[3];
        var waiting = weights.Select((weight, key) => Enumerable.Range(0, 100).Select(_ => bench.Wait(ticket: Of((ulong)key + 1, weight))).ToList()).ToArray();
        for (var round = 1; round <= 100; round++)
        {
            bench.Free();
            foreach (var (key, all) in waiting.Index())
            {
                served[key] += all.RemoveAll(static w => w.IsOver);
            }

            Assert.All(Enumerable.Range(0, 3), key => Assert.InRange(served[key] - (round * weights[key] / 8.0), -weights[key] - 1, weights[key] + 1));
        }
    }

    /// <summary>A key that fills a server's own queue gets its turns, and not more, beside the keys of the common queue.</summary>
    [Fact]
    public void Turns_are_one_round_for_both_queues_of_a_server()
    {
        using var bench = new QueueBench(1);
        bench.Fill();
        var own = Enumerable.Range(0, 4).Select(i => ($"a{i}", bench.Wait(server: 0, ticket: Of(1)))).ToArray();
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        var common = Enumerable.Range(0, 4).Select(i => ($"{"bc"[i % 2]}{i / 2}", bench.Wait(ticket: Of(2 + (ulong)(i % 2))))).ToArray();

        Assert.Equal("a0 b0 c0 a1 b1 c1 a2 a3", bench.Order([.. own, .. common]));
    }

    [Fact]
    public void Who_leaves_takes_no_turn_along()
    {
        using var bench = new QueueBench(1);
        bench.Fill();
        var (a, b, c) = (bench.Wait(ticket: Of(1)), bench.Wait(ticket: Of(2)), bench.Wait(ticket: Of(3)));

        a.Waiter.GiveUp();

        Assert.Equal("b c", bench.Order(("b", b), ("c", c)));
    }

    /// <summary>Filling the queue keeps nobody out but oneself.</summary>
    [Fact]
    public void Full_queue_gives_up_the_last_of_the_key_that_has_most()
    {
        using var bench = new QueueBench(o => o.Queue.Max = 4, 1);
        bench.Fill();
        var noisy = Enumerable.Range(0, 4).Select(_ => bench.Wait(ticket: Of(1))).ToArray();

        var quiet = bench.Wait(ticket: Of(2));
        var more = bench.Wait(ticket: Of(1));

        Assert.Equal([null, null, null, QueueOutcome.Refused], noisy.Select(static w => w.Outcome));
        Assert.Equal((null, QueueOutcome.Refused), (quiet.Outcome, more.Outcome));
    }

    private static WaitTicket Of(ulong key, int weight = 1) => new(0, 0, key, weight);
}
