using ProxyKit.CircuitBreakers;
using ProxyKit.Logging;
using ProxyKit.Testing;

namespace ProxyKit.Tests.CircuitBreakers;

public sealed class KeyedCircuitsTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Key_that_many_ask_for_at_once_has_one_circuit()
    {
        var circuits = Make(maxKeys: 1000);
        using var start = new Barrier(4);

        var found = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait(Patience.Limit);
                return Enumerable.Range(0, 200).Select(i => circuits.For($"/{i}")).ToArray();
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        Assert.All(found, circuitsOfOne => Assert.Equal(found[0], circuitsOfOne));
        Assert.Equal(200, circuits.All.Length);
    }

    [Fact]
    public void Key_unused_for_longest_makes_room()
    {
        var circuits = Make(maxKeys: 2);
        var (a, b) = (circuits.For("a"), circuits.For("b"));
        Assert.Same(a, circuits.For("a"));

        circuits.For("c");

        Assert.Same(a, circuits.For("a"));
        Assert.NotSame(b, circuits.For("b"));
        Assert.Equal(2, circuits.All.Length);
    }

    [Fact]
    public void Key_that_was_opened_by_hand_stays_until_it_is_closed()
    {
        var circuits = Make(maxKeys: 2);
        var (a, b) = (circuits.For("a"), circuits.For("b"));
        a.Isolate();

        var c = circuits.For("c");
        Assert.Equal([c, a], circuits.All);
        c.Isolate();
        Assert.NotSame(b, circuits.For("b")); // one more than there may be, since both stay
        Assert.Equal(3, circuits.All.Length);

        a.Close();
        c.Close();
        circuits.For("d");
        Assert.Equal(2, circuits.All.Length);
    }

    /// <summary>A key that comes, which anybody may send, costs no look at all that was opened by hand.</summary>
    [Fact]
    public void Key_that_comes_looks_past_few_that_were_opened_by_hand()
    {
        var circuits = Make(maxKeys: 100);
        var known = Enumerable.Range(0, 100).Select(i => circuits.For($"/{i}")).ToArray();
        Array.ForEach(known, static circuit => circuit.Isolate());

        var added = circuits.For("new");

        Assert.Equal([added, .. known[..16].Reverse(), .. known[16..].Reverse()], circuits.All); // the others stand as they stood
    }

    [Fact]
    public void Keys_stay_few_beside_many_that_were_opened_by_hand()
    {
        var circuits = Make(maxKeys: 100);
        var isolated = Enumerable.Range(0, 90).Select(i => circuits.For($"/{i}")).ToArray();
        Array.ForEach(isolated, static circuit => circuit.Isolate());

        for (var i = 0; i < 1000; i++)
        {
            circuits.For($"/new/{i}");
            Assert.InRange(circuits.All.Length, 91, 100 + (90 / 16) + 1);
        }

        Assert.Subset(circuits.All.ToHashSet(), isolated.ToHashSet());
    }

    private KeyedCircuits Make(int maxKeys) =>
        new(new CircuitBreakerOptions { MaxKeys = maxKeys }, "web", _time, ExchangeLogs.For(null, null, _time));
}
