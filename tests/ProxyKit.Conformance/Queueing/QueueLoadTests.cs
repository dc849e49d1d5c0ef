using ProxyKit.Conformance.Relay;

namespace ProxyKit.Conformance.Queueing;

/// <summary>Thousands of clients in one queue. Alone, since it takes what the machine has.</summary>
[Collection(typeof(MeasuredAlone))]
public sealed class QueueLoadTests(ITestOutputHelper output)
{
    private const int Clients = 5000, Slots = 10;

    /// <summary>A hundred thousand requests, each client sending the next when it has the answer to the last: no slot is given twice, and nobody is
    /// forgotten. Nor is anybody overtaken, for with as many clients, of whom each has one request, no more requests can go before one than waited
    /// when it came: those of the others, less those that had the slots.</summary>
    [Fact]
    public async Task Thousands_of_clients_take_turns_at_a_few_slots()
    {
        const int Rounds = 20;
        await using var crowd = new QueueCrowd();
        await crowd.StartAsync(Clients, Slots);
        var all = Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                await crowd.SendAsync(client, (round * Clients) + client);
                await crowd.AnswerAsync(client);
            }
        })).ToArray();
        await QueueCrowd.UntilAsync(() => crowd.Waiting == Clients - Slots, "all to wait");

        crowd.Free();
        await Task.WhenAll(all).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        await crowd.AssertEmptyAsync();
        Assert.Equal(Enumerable.Range(0, Clients * Rounds), crowd.Arrived.Order());
        Assert.Equal(Slots, crowd.Most);
        var places = crowd.Places;
        output.WriteLine($"at most {places.Max()} went before one, itself included");
        Assert.Equal(Clients * Rounds, places.Length);
        Assert.InRange(places.Max(), 1, Clients - Slots);
    }

    /// <summary>Whenever slots come free they are taken, by those who have waited longest, and nothing else has to happen for that: no timer, since the
    /// clock stands still, and no newcomer. So a queue is as fast as its servers.</summary>
    [Fact]
    public async Task Long_queue_empties_in_its_order_and_leaves_no_slot_idle()
    {
        await using var crowd = new QueueCrowd();
        await crowd.StartAsync(Clients, Slots);
        var answers = new List<Task>();
        for (var i = 0; i < Clients; i++)
        {
            await crowd.SendAsync(i, i);
            answers.Add(crowd.AnswerAsync(i));
            await QueueCrowd.UntilAsync(() => i < Slots ? crowd.Inside == i + 1 : crowd.Waiting == i + 1 - Slots, "a request to wait");
        }

        for (var served = Slots; served < Clients; served += Slots)
        {
            crowd.Free(Slots);
            await QueueCrowd.UntilAsync(() => crowd.Inside == Slots && crowd.ArrivedCount == served + Slots, "all slots to be taken again");
        }

        crowd.Free();
        await Task.WhenAll(answers).InTimeAsync();
        await crowd.AssertEmptyAsync();
        Assert.Equal(Slots, crowd.Most);
        Assert.Equal(Enumerable.Range(0, Clients).Chunk(Slots), crowd.Arrived.Chunk(Slots).Select(static taken => taken.Order().ToArray())); // together or one by one
        Assert.Equal(Enumerable.Repeat(0, Slots).Concat(Enumerable.Range(1, Clients - Slots)), crowd.Places.Order());
    }

    /// <summary>What a request costs that waits, beyond what its connection costs that is idle. docs/queues.md says what it is made of.</summary>
    [Theory]
    [InlineData(1024, false, false)]
    [InlineData(1792, true, false)]
    [InlineData(3200, true, true)]
    public async Task Waiting_request_takes_little_memory(int most, bool editsHead, bool keepsVariable)
    {
        await using var crowd = new QueueCrowd();
        await crowd.StartAsync(Clients, Slots, f => f.OnRequest(rules =>
        {
            if (editsHead)
            {
                rules.SetHeader("X-New", Value.Parse("src"));
            }

            if (keepsVariable)
            {
                rules.SetVariable("txn.path", Value.Parse("path"));
            }
        }));
        var answers = Enumerable.Range(0, Clients).Select(crowd.AnswerAsync).ToArray();
        var idle = UsedMemory();

        for (var i = 0; i < Clients; i++)
        {
            await crowd.SendAsync(i, i);
        }

        await QueueCrowd.UntilAsync(() => crowd.Waiting == Clients - Slots, "all to wait");
        var each = (UsedMemory() - idle) / Clients;

        output.WriteLine($"{each} bytes for each request that waits");
        Assert.True(each <= most, $"{each} bytes"); // less, where pools of the process have given something back meanwhile
        crowd.Free();
        await Task.WhenAll(answers).InTimeAsync();
    }

    /// <summary>What is in use, once all that other tests have left behind is gone, what waits for its finalizer included.</summary>
    private static long UsedMemory()
    {
        for (var i = 0; i < 4; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: false);
    }
}
