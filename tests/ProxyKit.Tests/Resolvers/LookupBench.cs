using System.Net;
using ProxyKit.Backends;
using ProxyKit.Checks;
using ProxyKit.Resolvers;
using ProxyKit.Testing;
using ProxyKit.Testing.InMemory;
using ProxyKit.Transport;

namespace ProxyKit.Tests.Resolvers;

/// <summary>Servers of one backend that are looked up, a group of resolvers that asks nobody, and a clock.</summary>
internal sealed class LookupBench : IDisposable
{
    private readonly RecordingLoggerProvider _log = new();
    private readonly TimerWheel _wheel;

    /// <param name="count">How many servers there are.</param>
    /// <param name="address">Their address.</param>
    /// <param name="configure">What else is said of them.</param>
    /// <param name="group">What else is said of the resolvers.</param>
    public LookupBench(int count, string address, Action<ServerResolutionOptions>? configure = null, Action<ResolversOptions>? group = null)
    {
        _wheel = new TimerWheel(Time);
        var resolvers = new ResolversOptions { Name = "dns" };
        group?.Invoke(resolvers);
        Group = new ResolverGroup(ResolverSettings.Of(resolvers), Time, static e => Assert.Fail(e.ToString()));

        var backend = new BackendOptions { Name = "web" };
        var state = new BackendState();
        var servers = new List<Server>();
        var environment = new CheckEnvironment(new InMemoryTransport(), BufferPool.Shared, _wheel, _log.CreateLogger("health"));
        Assert.True(NetworkAddress.TryParseServer(address, out var endPoint, out _, out var fault), fault);
        var name = (DnsEndPoint)endPoint;
        for (var i = 1; i <= count; i++)
        {
            var options = new ServerOptions { Name = $"s{i}", Address = address, Resolution = new ServerResolutionOptions { Resolvers = "dns" } };
            configure?.Invoke(options.Resolution);
            var first = options.Resolution.InitialAddress is { } initial ? new IPEndPoint(IPAddress.Parse(initial), name.Port) : null;
            var server = new Server("web", options, endPoint, null, null, new ServerState("", new IdleConnections(0, TimeSpan.Zero, Time), state)
            {
                Place = new ServerPlace(null, first),
            });
            server.State.Health.Use(new HealthSettings { Initial = InitialServerState.Up }, environment);
            servers.Add(server);
            Servers.Add(new ResolvedServer(server, options.Resolution, name.Host, name.Port));
        }

        Backend = new Backend(backend, [.. servers], state);
        state.Adopt(Backend);
    }

    public ManualTimeProvider Time { get; } = new();

    public ResolverGroup Group { get; }

    public List<ResolvedServer> Servers { get; } = [];

    public Backend Backend { get; }

    /// <summary>Where the servers are, and how, in their order.</summary>
    public IEnumerable<string> Places => Servers.Select(static s => $"{s.State.Place!.EndPoint?.ToString() ?? "nowhere"} {s.State.Health.Status}"); // they are looked up

    /// <summary>What the log has said since it was asked last.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            var lines = _log.Entries.Select(static e => e.Message).Skip(_told).ToArray();
            _told += lines.Length;
            return lines;
        }
    }

    private int _told;

    /// <summary>A lookup that the test gives answers to.</summary>
    public AddressLookup Addresses()
    {
        var lookup = new AddressLookup(Group.NameOf(Servers[0].Host, ResolutionKind.IPv6First), Group);
        lookup.Use(Servers);
        return lookup;
    }

    /// <summary>The same for a service.</summary>
    public ServiceLookup Service()
    {
        var lookup = new ServiceLookup(Group.NameOf(Servers[0].Host, ResolutionKind.Service), Group);
        lookup.Use(Servers);
        return lookup;
    }

    /// <summary>An answer with addresses.</summary>
    public static DnsAnswer Answer(params string[] addresses) =>
        new(DnsStatus.Valid) { Addresses = [.. addresses.Select(IPAddress.Parse)], By = "dns/ns1" };

    /// <summary>An answer with places of a service, as <c>host:port</c> and an address.</summary>
    public static DnsAnswer Answer(params (string Target, int Port, int Weight, string Address)[] places) =>
        new(DnsStatus.Valid) { Services = [.. places.Select(static p => new DnsService(p.Target, p.Port, p.Weight, IPAddress.Parse(p.Address)))], By = "dns/ns1" };

    public void Dispose()
    {
        Group.Dispose();
        _wheel.Dispose();
    }
}
