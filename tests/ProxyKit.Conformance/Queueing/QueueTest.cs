namespace ProxyKit.Conformance.Queueing;

/// <summary>A proxy whose servers are full, and clients that wait.</summary>
public abstract class QueueTest(Carrier carrier) : ProxyTest(carrier)
{
    private readonly Gate _gate = new();

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _gate.Open(1000); // whoever is still held back by a test that failed
        await base.DisposeAsync();
        _gate.Dispose();
    }

    /// <summary>An origin that keeps each request back until <see cref="Free"/>.</summary>
    protected WireOrigin HoldingOrigin(string body = "ok") => Origin(async exchange =>
    {
        await FreedAsync();
        await exchange.AnswerOkAsync(body);
    });

    /// <summary>A backend whose first server takes so many at once, and in which one may wait for long.</summary>
    protected static Action<BackendBuilder> Limited(int count) =>
        b => b.QueueTimeout(TimeSpan.FromMinutes(1)).Configure(o => o.Servers[0].MaxConnections = count);

    /// <summary>What keeps a request back.</summary>
    protected Task FreedAsync() => _gate.PassAsync();

    /// <summary>Lets so many requests be answered that are held back, or will be.</summary>
    protected void Free(int count = 1) => _gate.Open(count);

    /// <summary>A client that has sent a request, which waits for nothing.</summary>
    protected async Task<WireClient> BeginAsync(string target = "/", params string[] fields)
    {
        var client = await ConnectAsync();
        await client.SendAsync([$"GET {target} HTTP/1.1", "Host: a", .. fields, "", ""]);
        return client;
    }

    /// <summary>A client whose request is the last of so many that wait for any server.</summary>
    protected async Task<WireClient> QueueAsync(int waiting, string target = "/", params string[] fields)
    {
        var client = await BeginAsync(target, fields);
        await QueuedAsync(waiting);
        return client;
    }

    /// <summary>Waits until so many wait for any server.</summary>
    protected Task QueuedAsync(int count) => UntilAsync(() => Proxy.GetQueuedRequests("web") == count, $"{count} to wait");
}
