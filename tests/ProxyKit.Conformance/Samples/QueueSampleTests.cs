
namespace ProxyKit.Conformance.Samples;

/// <summary>Clients that wait for full servers, as the samples have it.</summary>
public sealed class QueueSampleTests : SampleTest
{
    private readonly Gate _gate = new();

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _gate.Open(1000); // whoever is still held back by a test that failed
        await base.DisposeAsync();
        _gate.Dispose();
    }

    [Fact]
    public async Task Server_never_sees_more_than_its_limit()
    {
        var origin = Holding();
        await StartSampleAsync("connection-limits", origin);
        var asking = await BeginAsync(8, waiting: 5);

        await origin.RequestAsync(3);
        Assert.Equal(3, origin.Requests.Count);
        _gate.Open(8);
        Assert.All(await Task.WhenAll(asking), static r => Assert.Equal(200, r.Status));
    }

    [Fact]
    public async Task Who_waits_too_long_gets_503()
    {
        await StartSampleAsync("connection-limits", Holding());
        var asking = await BeginAsync(4, waiting: 1);

        var response = await AdvanceUntilAsync(asking[3]);

        Assert.Equal(503, response.Status);
        Assert.Contains("No server is available to handle this request.", response.Text, StringComparison.Ordinal);
        _gate.Open(3);
        await Task.WhenAll(asking[..3]);
    }

    [Fact]
    public async Task Frontends_have_limits_of_their_own()
    {
        await StartSampleAsync(
            "connection-limits", static text => text.Replace("frontend shop\n    bind 127.0.0.1:0\n    maxconn 20000", "frontend shop\n    bind 127.0.0.1:0\n    maxconn 1", StringComparison.Ordinal), OkOrigin());
        await using var first = await ConnectAsync();
        await GetAsync(first);
        await using var second = await ConnectAsync(); // waits in the system's queue

        Assert.Equal(200, (await AskAsync("GET", "/", [], bind: 1)).Status);
    }

    [Fact]
    public async Task Limit_follows_the_load()
    {
        var origin = Holding();
        await StartSampleAsync("limits-by-load", origin);
        var asking = await BeginAsync(2, waiting: 1); // two of twenty: the server takes one

        asking.AddRange(await BeginAsync(20, waiting: 12)); // more than twenty: it takes ten

        await origin.RequestAsync(10);
        Assert.Equal(10, origin.Requests.Count);
        _gate.Open(22);
        Assert.All(await Task.WhenAll(asking), static r => Assert.Equal(200, r.Status));
    }

    [Fact]
    public async Task Styles_go_before_images_and_images_before_pages()
    {
        var origin = Holding();
        await StartSampleAsync("priorities", origin);
        var asking = await BeginAsync(1, waiting: 0, "/first");
        asking.AddRange(await BeginAsync(1, waiting: 1, "/page"));
        asking.AddRange(await BeginAsync(1, waiting: 2, "/image.png"));
        asking.AddRange(await BeginAsync(1, waiting: 3, "/style.css"));

        _gate.Open(4);
        await Task.WhenAll(asking);

        Assert.Equal(["/first", "/style.css", "/image.png", "/page"], origin.Requests.Select(static r => r.Target));
    }

    private WireOrigin Holding() => Origin(async exchange =>
    {
        await _gate.PassAsync();
        await exchange.AnswerOkAsync();
    });

    /// <summary>Clients that ask one after the other, until so many wait.</summary>
    private async Task<List<Task<WireMessage>>> BeginAsync(int count, int waiting, string target = "/")
    {
        var asking = new List<Task<WireMessage>>();
        var queued = Proxy.GetQueuedRequests("service");
        var served = Proxy.GetServers("service")[0].ActiveRequests;
        for (var i = 1; i <= count; i++)
        {
            asking.Add(AskAsync(target));
            var begun = queued + served + i;
            await UntilAsync(() => Proxy.GetQueuedRequests("service") + Proxy.GetServers("service")[0].ActiveRequests == begun);
        }

        Assert.Equal(waiting, Proxy.GetQueuedRequests("service"));
        return asking;
    }
}
