using ProxyKit.Backends;
using ProxyKit.Queueing;

namespace ProxyKit.Tests.Queueing;

public sealed class QueueModelTests
{
    private const int Events = 3000;

    /// <summary>Whatever happens, in whatever order, the queues do what a simple list of all that wait would do.</summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(4, true)]
    [InlineData(5, true)]
    [InlineData(6, true)]
    public void Queues_do_what_a_simple_list_does(int seed, bool isFair)
    {
        var random = new Random(seed);
        var redispatches = random.Next(2) == 0;
        int[] limits = [2, 3, 1, -2];
        using var bench = new QueueBench(o => o.Redispatch = redispatches, limits);
        var model = new QueueModel(redispatches, limits);
        var waiting = new Dictionary<int, QueueBench.Waiting>();
        for (var i = 0; i < Events; i++)
        {
            var server = random.Next(limits.Length);
            switch (random.Next(12))
            {
                case < 5:
                    int? bound = random.Next(3) == 0 ? server : null;
                    var ticket = new WaitTicket(random.Next(-1, 2), random.Next(-3, 4), isFair ? (ulong)random.Next(1, 4) : 0);
                    var isForced = random.Next(4) == 0;
                    waiting[i] = bench.Wait(bound, ticket, isForced: isForced);
                    model.Arrive(i, bound, ticket, bench.Wheel.Now, isForced);
                    break;
                case < 9 when model.Active(server) > 0:
                    bench.Free(server);
                    model.Free(server);
                    break;
                case 9 when waiting.Count > 0:
                    var id = waiting.Keys.ElementAt(random.Next(waiting.Count));
                    waiting[id].Waiter.GiveUp();
                    model.GiveUp(id);
                    break;
                case 10 when random.Next(4) == 0:
                    var availability = (ServerAvailability)random.Next(4);
                    bench[server].SetAvailability(availability);
                    model.SetAvailability(server, availability);
                    break;
                case 10:
                    Assert.Equal(model.TryEnter(server), bench[server].TryEnter());
                    break;
                case 11 when random.Next(4) == 0:
                    var limit = random.Next(1, 5);
                    bench[server].SetMaxConnections(limit);
                    model.SetLimit(server, limit);
                    break;
                default:
                    bench.Time.Advance(TimeSpan.FromMilliseconds(random.Next(3)));
                    break;
            }

            Compare(i, bench, model, waiting);
        }
    }

    private static void Compare(int step, QueueBench bench, QueueModel model, Dictionary<int, QueueBench.Waiting> waiting)
    {
        foreach (var (id, one) in waiting)
        {
            (QueueOutcome, string?)? expected = model.Ended.TryGetValue(id, out var end) ? (end.Outcome, end.Server is { } s ? bench.Servers[s].Name : null) : null;
            (QueueOutcome, string?)? actual = one.Outcome is { } outcome ? (outcome, one.Server) : null;
            Assert.True(expected == actual, $"event {step}: {id} should have ended {expected}, and did {actual}");
            if (actual is not null)
            {
                waiting.Remove(id); // allowed while enumerating
            }
        }

        Assert.Equal(waiting.Count, bench.Queue.Waiting);
        Assert.Equal(waiting.Count(static w => w.Value.Waiter.Server is null), bench.Queue.WaitingForAny);
        for (var i = 0; i < bench.Servers.Length; i++)
        {
            Assert.Equal(model.Active(i), bench[i].Active);
            Assert.Equal(waiting.Count(w => w.Value.Waiter.Server == bench[i]), bench[i].Queued);
        }
    }
}
