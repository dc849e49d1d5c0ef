using ProxyKit.Testing;
using ProxyKit.Queueing;

namespace ProxyKit.Tests.Queueing;

public sealed class QueueStressTests
{
    private const int Workers = 200, Rounds = 300;

    /// <summary>Spec edge case: the last request of a server ends while another one begins to wait. With one slot each such moment counts.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(1, 1)]
    [InlineData(3, 7)]
    public async Task Nobody_is_forgotten_and_no_slot_is_given_twice(params int[] limits)
    {
        using var bench = new QueueBench(limits);
        var inside = new int[limits.Length];
        var most = new int[limits.Length];
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() => WorkAsync(worker)))).InTimeAsync();

        Assert.Equal(0, bench.Queue.Waiting);
        Assert.All(Enumerable.Range(0, limits.Length), i =>
        {
            Assert.Equal((0, 0), (bench[i].Active, bench[i].Queued));
            Assert.InRange(most[i], 1, limits[i]);
        });
        Assert.Equal(Workers * Rounds, bench.Servers.Sum(static s => s.TotalRequests));

        async Task WorkAsync(int worker)
        {
            var random = new Random(worker);
            var waiter = new Waiter(bench.Wheel);
            for (var round = 0; round < Rounds; round++)
            {
                var server = random.Next(limits.Length);
                var isBound = random.Next(4) == 0;
                if (!(isBound || bench.Queue.WaitingForAny == 0) || !bench[server].TryEnter())
                {
                    var outcome = await bench.Queue.WaitAsync(waiter, isBound ? bench[server] : null, new WaitTicket(random.Next(2), 0, 1 + (ulong)random.Next(3)), limit: null);
                    Assert.Equal(QueueOutcome.Granted, outcome);
                    server = Array.FindIndex(bench.Servers, s => s.State == waiter.Server);
                }

                var now = Interlocked.Increment(ref inside[server]);
                InterlockedMax(ref most[server], now);
                if (random.Next(8) == 0)
                {
                    await Task.Yield();
                }

                Interlocked.Decrement(ref inside[server]);
                bench.Free(server);
            }
        }
    }

    /// <summary>Who gives up and who is served at the same moment: one of the two happens, and no slot is lost.</summary>
    [Fact]
    public async Task Slot_of_one_who_gives_up_as_it_gets_it_is_not_lost()
    {
        using var bench = new QueueBench(1);
        bench.Fill();
        for (var i = 0; i < 5000; i++)
        {
            var waiting = bench.Wait();
            var gaveUp = Task.Run(waiting.Waiter.GiveUp, TestContext.Current.CancellationToken);
            bench.Free();
            await gaveUp;
            var outcome = await waiting.Task.InTimeAsync();
            Assert.True(outcome == QueueOutcome.Granted || bench[0].TryEnter(), "the slot is gone");
            Assert.Equal(1, bench[0].Active);
        }
    }

    [Fact]
    public void Waiting_in_a_queue_that_has_been_in_use_allocates_nothing()
    {
        using var bench = new QueueBench(1);
        bench.Fill();
        var waiters = Enumerable.Range(0, 50).Select(_ => new Waiter(bench.Wheel)).ToArray();

        Allocations.AssertNone(() =>
        {
            for (var round = 0; round < 20; round++)
            {
                for (var i = 0; i < waiters.Length; i++)
                {
                    Leave(bench.Queue.WaitAsync(waiters[i], null, new WaitTicket(i % 3, 0, (ulong)i % 5), TimeSpan.FromMinutes(1)));
                }

                for (var i = 0; i < waiters.Length; i++)
                {
                    bench.Free();
                }
            }
        });
    }

    /// <summary>What a request keeps of its wait beside its own state, the wait's box in the exchange being pooled.</summary>
    [Fact]
    public void Waiter_takes_less_than_half_a_kibibyte()
    {
        const int Count = 5000;
        using var bench = new QueueBench(1);
        bench.Fill();
        Leave(bench.Queue.WaitAsync(new Waiter(bench.Wheel), null, new WaitTicket(0, 0), TimeSpan.FromMinutes(1)));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Count; i++)
        {
            Leave(bench.Queue.WaitAsync(new Waiter(bench.Wheel), null, new WaitTicket(0, 0), TimeSpan.FromMinutes(1)));
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Count, 1, 512); // what the list grew by included, and its old arrays
    }

    private static void Leave(ValueTask<QueueOutcome> wait) => Assert.False(wait.IsCompleted);

    private static void InterlockedMax(ref int target, int value)
    {
        var seen = Volatile.Read(ref target);
        while (value > seen)
        {
            var before = Interlocked.CompareExchange(ref target, value, seen);
            seen = before == seen ? value : before;
        }
    }
}
