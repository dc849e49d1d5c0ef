using System.Net;
using ProxyKit.Metering.Journals;
using ProxyKit.Tiers;

namespace ProxyKit.PostgreSql.Tests.Servers;

/// <summary>A proxy with tiers that are shared, metered or not, and a client that asks it.</summary>
internal sealed class TieredProxy : IAsyncDisposable
{
    private readonly WireOrigin _origin;
    private readonly SocketsHttpHandler _connections = new() { MaxConnectionsPerServer = 64 };
    private readonly HttpClient _client;
    private readonly Func<ProxyOptions> _compose;
    private int _admitted, _refused;

    private TieredProxy(WireOrigin origin, Func<string, ProxyOptions> compose, TimeProvider? time)
    {
        (_origin, _compose) = (origin, () => compose(origin.Address));
        Proxy = Proxy.Create(_compose(), new ProxyEnvironment { TimeProvider = time });
        _client = new HttpClient(_connections) { Timeout = TimeSpan.FromSeconds(30) };
    }

    public Proxy Proxy { get; }

    public WireOrigin Origin => _origin;

    public int Admitted => Volatile.Read(ref _admitted);

    public int Refused => Volatile.Read(ref _refused);

    public static async Task<TieredProxy> StartAsync(
        PostgreSqlGateway? gateway,
        long limit,
        TimeProvider? time = null,
        string? journal = null,
        Action<TierBuilder>? configure = null,
        Func<WireExchange, Task>? answer = null)
    {
        var started = new TieredProxy(
            WireOrigin.Start(answer ?? (static e => e.AnswerOkAsync())),
            origin => Options(origin, gateway, journal, configure ?? (t => t.Quota(limit, QuotaPeriod.Month))),
            time);
        await started.Proxy.StartAsync();
        gateway?.Start(started.Proxy);
        return started;
    }

    /// <summary>Has the proxy begin anew with the configuration that it has.</summary>
    public Task ReloadAsync() => Proxy.ReloadAsync(_compose());

    /// <summary>Asks once.</summary>
    /// <returns>Whether it was admitted.</returns>
    public async Task<bool> AskAsync(string client = "acme")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{Proxy.EndPoints[0]}/"); // one bind, which listens
        request.Headers.Add("X-Client", client);
        using var response = await _client.SendAsync(request);
        Assert.Contains(response.StatusCode, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.TooManyRequests]);
        var isAdmitted = response.StatusCode == HttpStatusCode.OK;
        Interlocked.Increment(ref isAdmitted ? ref _admitted : ref _refused);
        return isAdmitted;
    }

    /// <summary>Asks with several at once until something holds.</summary>
    public Task HammerAsync(int clients, Func<bool> ends, string client = "acme") => Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
    {
        while (!ends())
        {
            if (!await AskAsync(client))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1)); // what was refused is not worth the whole processor
            }
        }
    })));

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _connections.Dispose();
        await Proxy.DisposeAsync();
        await _origin.DisposeAsync();
    }

    private static ProxyOptions Options(string origin, PostgreSqlGateway? gateway, string? journal, Action<TierBuilder> configure)
    {
        var builder = new ProxyBuilder();
        builder
            .AddFrontend("public", static f => f.Bind("127.0.0.1:0").UseTiers("plans").UsageEndpoint("/usage").DefaultBackend("web"))
            .AddTiers("plans", tiers =>
            {
                tiers.CountBy(Value.Parse("req.hdr(x-client)")).AddTier("gold", configure).DefaultTier("gold");
                if (gateway is not null)
                {
                    tiers.Share(gateway.Leases);
                }
            })
            .AddBackend("web", b => b.AddServer("web1", origin));
        if (journal is not null)
        {
            builder.AddMetering(m => m.Journal(journal, static (UsageJournalOptions o) => o.FlushInterval = TimeSpan.FromMilliseconds(5)).CountBy(Value.Parse("req.hdr(x-client)")));
        }

        return builder.Build();
    }
}
