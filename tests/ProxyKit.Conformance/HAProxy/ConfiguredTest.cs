using ProxyKit.Conformance.Queueing;

namespace ProxyKit.Conformance.HAProxy;

/// <summary>A proxy with a configuration in HAProxy's language, for what takes longer than a test may: in memory, and on a clock that stands still
/// unless the test moves it.</summary>
public abstract class ConfiguredTest() : QueueTest(Carrier.Memory)
{
    private const string Defaults = """
        defaults
            mode http
            log 127.0.0.1 local0
            option httplog
            balance roundrobin
            timeout connect 5s
            timeout queue 1h
            timeout client 1h
            timeout server 1h
        """;

    private int _answered;

    /// <summary>Reads a configuration.</summary>
    /// <param name="config">Its sections, behind the usual defaults. <c>{s1}</c> and so on are the addresses of the origins, <c>{p1}</c> and so on
    /// their ports; clients are expected on the first bind.</param>
    /// <param name="origins">The servers.</param>
    protected static HAProxyConfigurationResult Read(string config, params WireOrigin[] origins) => HAProxyConfiguration.Parse(
        origins.Index().Aggregate($"{Defaults}\n{config}\n", static (text, origin) => text
            .Replace($"{{s{origin.Index + 1}}}", origin.Item.Address, StringComparison.Ordinal)
            .Replace($"{{p{origin.Index + 1}}}", origin.Item.Address.Split(':')[1], StringComparison.Ordinal)));

    /// <summary>Starts a proxy with what <see cref="Read"/> makes of a configuration.</summary>
    protected Task StartAsync(string config, params WireOrigin[] origins) => StartAsync(proxy => proxy.AddHAProxyConfig(Read(config, origins)));

    /// <summary>Starts a proxy with one frontend and its backend <c>web</c>, of which this says all.</summary>
    protected Task StartWebAsync(string lines, params WireOrigin[] origins) => StartAsync(
        $"""
        frontend f
            bind 127.0.0.1:8080
            default_backend web
        backend web
        {lines}
        """,
        origins);

    /// <summary>One GET on a connection of its own, until the exchange is over for the proxy too: a client has its response before the last is counted.</summary>
    protected async Task<WireMessage> AskAsync(string target = "/", params string[] fields)
    {
        await using var client = await ConnectAsync();
        await client.SendAsync([$"GET {target} HTTP/1.1", "Host: a", .. fields, "", ""]);
        var response = await client.ReadResponseAsync();
        await LoggedAsync(++_answered);
        return response;
    }

    /// <summary>How many of so many requests got this body.</summary>
    protected async Task<int> ShareAsync(string body, int requests)
    {
        var share = 0;
        for (var i = 0; i < requests; i++)
        {
            share += (await AskAsync()).Text == body ? 1 : 0;
        }

        return share;
    }

    /// <summary>Lets time pass in which servers of the backend <c>web</c> are checked: it stands still while a check is under way.</summary>
    protected async Task PassAsync(TimeSpan time)
    {
        Time.Advance(time);
        await UntilAsync(() => Proxy.GetServers("web").All(static s => s.State.Health.IsIdle));
    }
}
