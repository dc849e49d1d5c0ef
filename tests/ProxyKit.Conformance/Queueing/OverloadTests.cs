using ProxyKit.Conformance.HAProxy;

namespace ProxyKit.Conformance.Queueing;

/// <summary>What queues are for, and how long one may wait in them: .</summary>
public sealed class OverloadTests : ConfiguredTest
{
    private const int Clients = 200, AtOnce = 10;

    private static readonly TimeSpan Alone = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _end = new();
    private int _inside, _atWork, _answered;

    public override async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await base.DisposeAsync();
        _end.Dispose();
    }

    [Fact]
    public async Task Server_that_gets_slower_with_its_load_does_more_where_it_is_spared()
    {
        var origin = OverloadedOrigin();
        await StartAsync(Backend($"maxconn {AtOnce}"), origin);
        var clients = Enumerable.Range(0, Clients).Select(_ => GetAsync()).ToArray();

        for (var turn = 1; turn <= Clients / AtOnce; turn++)
        {
            await AtWorkAsync(turn * AtOnce);
            Time.Advance(Alone);
        }

        await Task.WhenAll(clients); // in a second
        Assert.Equal(Clients, _answered);
    }

    [Fact]
    public async Task Server_that_gets_slower_with_its_load_does_little_where_it_gets_all_at_once()
    {
        var origin = OverloadedOrigin();
        await StartAsync(Backend(""), origin);
        for (var i = 0; i < Clients; i++)
        {
            await (await ConnectAsync()).SendAsync("GET / HTTP/1.1", "Host: a", "", "");
        }

        await AtWorkAsync(Clients);
        Time.Advance(TimeSpan.FromSeconds(10));

        await LoggedAsync(86); // since the 86th takes 9.7 seconds
        Assert.Equal(86, _answered);
    }

    /// <summary>HAProxy's order breaks after 524 seconds, and has to be warned of; here it does not.</summary>
    [Fact]
    public async Task Order_holds_however_long_one_waits()
    {
        var origin = HoldingOrigin();
        await StartAsync(Backend("maxconn 1"), origin);
        var asking = new List<Task<WireMessage>>();
        for (var i = 0; i < 4; i++)
        {
            asking.Add(GetAsync($"/{i}"));
            await UntilAsync(() => origin.Requests.Count + Proxy.GetQueuedRequests("web") == asking.Count);
            Time.Advance(TimeSpan.FromSeconds(600));
        }

        Free(4);
        await Task.WhenAll(asking);

        Assert.Equal(["/0", "/1", "/2", "/3"], origin.Requests.Select(static r => r.Target));
    }

    /// <summary>Waits until so many requests have begun to be worked on.</summary>
    private Task AtWorkAsync(int count) => UntilAsync(() => Volatile.Read(ref _atWork) == count);

    private static string Backend(string limit) => $$"""
        frontend f
            bind 127.0.0.1:8080
            default_backend web
        backend web
            server s1 {s1} {{limit}}
        """;

    /// <summary>A server whose time for an answer doubles with each ten that it has to do at once, above the first ten.</summary>
    private WireOrigin OverloadedOrigin() => Origin(async exchange =>
    {
        var inside = Interlocked.Increment(ref _inside);
        var work = Task.Delay(Alone * Math.Pow(2, Math.Max(0, inside - AtOnce) / 10.0), Time, _end.Token);
        Interlocked.Increment(ref _atWork);
        await work.ContinueWith(static _ => { }, TaskScheduler.Default);
        Interlocked.Decrement(ref _inside);
        Interlocked.Increment(ref _answered);
        await exchange.AnswerOkAsync();
    });
}
