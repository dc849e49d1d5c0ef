using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;
using ProxyKit.Checks;
using ProxyKit.Transport;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Backends;

/// <summary>A server of a backend as the running configuration has it, with a view of what goes on at it.</summary>
[SuppressMessage("Naming", "CA1724", Justification = "The field's word; the namespace it resembles is of .NET Framework.")]
public sealed class Server
{
    private readonly ConnectOptions _configured;
    private readonly int? _portOffset; // null where the port is its own
    private readonly bool _hasAnyAddress;

    internal Server(
        string backendName, ServerOptions options, EndPoint endPoint, IPEndPoint? source, TlsClientContext? tls, ServerState state, int? portOffset = null)
    {
        BackendName = backendName;
        Name = options.Name;
        HasOwnId = options.Id is not null;
        Id = options.Id ?? 0;
        Guid = options.Guid;
        HashKey = options.HashKey;
        SlowStart = options.SlowStart;
        Address = options.Address;
        ConfiguredWeight = options.Weight;
        MaxConnections = Math.Max(options.MaxConnections ?? 0, options.MinConnections ?? 0);
        MinConnections = options.MinConnections is > 0 and var least ? least : MaxConnections;
        Sockets = options.LimitsSockets ? state.Sockets : null;
        MaxQueue = options.MaxQueue ?? 0;
        IsBackup = options.IsBackup;
        MaxReuse = options.MaxReuse;
        IsNonStick = options.IsNonStick;
        NameBytes = Encoding.UTF8.GetBytes(options.Name);
        ProxyProtocol = options.ProxyProtocol?.Version;
        _configured = new ConnectOptions { EndPoint = endPoint, Source = source, Interface = options.Interface };
        Socks4Proxy = options.Socks4Proxy is { } socks && IPEndPoint.TryParse(socks, out var proxy) ? proxy : null; // validated
        _portOffset = portOffset;
        _hasAnyAddress = endPoint is IPEndPoint { Address: var wanted } && (wanted.Equals(IPAddress.Any) || wanted.Equals(IPAddress.IPv6Any));
        Tls = tls;
        TlsHostName = endPoint switch
        {
            DnsEndPoint dns => dns.Host,
            IPEndPoint ip => ip.Address.ToString(),
            _ => null,
        };
        State = state;
        if (state.HasNoServer)
        {
            state.Adopt(this);
        }
    }

    /// <summary>The name, unique in its backend.</summary>
    public string Name { get; }

    /// <summary>The name of its backend.</summary>
    public string BackendName { get; }

    /// <summary>The number, unique in its backend: as configured, else its position, from 1, or the next that is free.</summary>
    public int Id { get; internal set; } // the backend's to set where none is configured

    /// <summary>The name that is its own wherever it is configured; null where it has none.</summary>
    public string? Guid { get; }

    /// <summary>The address as configured.</summary>
    public string Address { get; }

    /// <summary>The share of work relative to the other servers, 0 to 256: as configured, or as set since.</summary>
    public int Weight => State.Weight;

    /// <summary>Whether it is used only when no other is left.</summary>
    public bool IsBackup { get; }

    /// <summary>Its state in HAProxy's words: <c>UP</c>, <c>UP 1/3</c> on its way down, <c>DOWN</c>, <c>DOWN 1/2</c> on its way up, <c>NOLB</c>, <c>DRAIN</c>,
    /// <c>MAINT</c>, <c>no check</c>.</summary>
    public string Status => State.Health.Status;

    /// <summary>Whether it works as far as is known, and nobody has taken it out.</summary>
    public bool IsUp => State.Health.IsUp;

    /// <summary>What the last check found; null before the first one.</summary>
    public CheckResult? LastCheck => State.Health.LastCheck;

    /// <summary>What the agent said last; null before its first answer.</summary>
    public CheckResult? LastAgentCheck => State.Health.LastAgentCheck;

    /// <summary>How many requests, or TCP connections, it is working on at this moment.</summary>
    public int ActiveRequests => State.Active;

    /// <summary>How many requests, or TCP connections, it was given since the proxy started.</summary>
    public long TotalRequests => State.Total;

    /// <summary>How many requests wait for it and no other server.</summary>
    public int QueuedRequests => State.Queued;

    /// <summary>Whether it could start on another request at once: its limit is not reached, and none waits.</summary>
    public bool HasRoom => State.HasRoom;

    /// <summary>How many idle connections to it are kept.</summary>
    public int IdleConnections => State.Idle.Count;

    /// <summary>Whether its number is configured.</summary>
    internal bool HasOwnId { get; }

    internal int ConfiguredWeight { get; }

    /// <summary>What its places on a hash ring come from.</summary>
    internal ServerHashKey HashKey { get; }

    /// <summary>How long it takes to get all of its work once it has come back; null for at once.</summary>
    internal TimeSpan? SlowStart { get; }

    /// <summary>How many requests it works on at once; 0 for no limit.</summary>
    internal int MaxConnections { get; }

    /// <summary>The limit while the backend has little to do; <see cref="MaxConnections"/> where there is no such ramp.</summary>
    internal int MinConnections { get; }

    /// <summary>Counts its open connections where the limit is one on them too; else null.</summary>
    internal SocketCount? Sockets { get; }

    /// <summary>How many may wait for it and no other; 0 for no limit.</summary>
    internal int MaxQueue { get; }

    /// <summary>Who is told how the attempts at it went.</summary>
    internal IAttemptObserver[] Observers { get; set; } = [];

    /// <summary>What connections to it begin with; null for nothing. Set with the snapshot that the server is of.</summary>
    internal IGreeting? Greeting { get; set; }

    /// <summary>Where to connect, as far as is known; <see cref="ConnectOptionsFor"/> says whether that is anywhere.</summary>
    internal ConnectOptions ConnectOptions => State.Place?.Options ?? _configured;

    /// <summary>The proxy of SOCKS version 4 that connections to it go by; null for none.</summary>
    internal IPEndPoint? Socks4Proxy { get; }

    /// <summary>Whether its name, which is looked up, leads nowhere at this moment.</summary>
    internal bool IsNowhere => State.Place is { Options: null };

    /// <summary>Whether its address or its port is that which each client has connected to, or which a rule has put in its place: connections to it
    /// cannot serve other clients. HAProxy: the address <c>0.0.0.0</c>, the ports <c>+0</c> and none.</summary>
    internal bool IsWhereClientsWant => _hasAnyAddress || _portOffset is not null;

    /// <summary>Where to connect for a client.</summary>
    /// <param name="destination">Where the client has connected to, or what a rule has put in its place.</param>
    /// <returns>Null where the server is there, and that is no address, or its port none; and where its name leads nowhere.</returns>
    internal ConnectOptions? ConnectOptionsFor(EndPoint? destination)
    {
        var place = State.Place; // once: it may change meanwhile
        var options = place is null ? _configured : place.Options;
        if (options is null || !IsWhereClientsWant)
        {
            return options;
        }

        if (destination is not IPEndPoint { Address: var address } wanted)
        {
            return null;
        }

        var endPoint = options.EndPoint;
        var port = _portOffset is { } offset ? wanted.Port + offset : (endPoint as IPEndPoint)?.Port ?? 0;
        EndPoint? found = port is < 1 or > IPEndPoint.MaxPort ? null
            : _hasAnyAddress ? new IPEndPoint(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, port)
            : endPoint is DnsEndPoint dns ? new DnsEndPoint(dns.Host, port)
            : endPoint is IPEndPoint ip ? new IPEndPoint(ip.Address, port)
            : null;
        return found is null ? null : options with { EndPoint = found };
    }

    /// <summary>Its name as it is sent.</summary>
    internal byte[] NameBytes { get; }

    /// <summary>The version of the PROXY protocol that it is spoken to with; null for none.</summary>
    internal ProxyProtocolVersion? ProxyProtocol { get; }

    internal TlsClientContext? Tls { get; }

    /// <summary>How the system finds out that it is gone; null for not at all.</summary>
    internal TcpKeepAliveOptions? TcpKeepAlive { get; init; }

    /// <summary>The name or address that a TLS handshake verifies where the options name none.</summary>
    internal string? TlsHostName { get; }

    internal int? MaxReuse { get; }

    /// <summary>What stands for it in the backend's sticky cookie; null for nothing. Set when the backend is made ready.</summary>
    internal byte[]? Cookie { get; set; }

    /// <summary>Whether stick tables do not learn of it.</summary>
    internal bool IsNonStick { get; }

    internal ServerState State { get; }

    /// <summary>The name in messages: <c>backend/server</c>.</summary>
    /// <returns>The name.</returns>
    public override string ToString() => $"{BackendName}/{Name}";
}
