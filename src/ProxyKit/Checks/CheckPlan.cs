using System.Net;
using ProxyKit.Backends;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Checks;

/// <summary>How a server is checked, as the running configuration has it: immutable, with everything resolved.</summary>
internal sealed class CheckPlan
{
    public required ServerProbe Probe { get; init; }

    public required TimeSpan Interval { get; init; }

    public required TimeSpan FastInterval { get; init; }

    public required TimeSpan DownInterval { get; init; }

    public required int Rise { get; init; }

    public required int Fall { get; init; }

    /// <summary>The server that is checked.</summary>
    public required Server Server { get; init; }

    /// <summary>Its backend; null for an agent, which nobody asks about that.</summary>
    public Backend? Backend { get; init; }

    /// <summary>The host to check in the server's place; null for its own.</summary>
    public string? Host { get; init; }

    /// <summary>The port likewise.</summary>
    public int? Port { get; init; }

    /// <summary>Where the check connects, wherever the server is at this moment.</summary>
    public EndPoint EndPoint => Redirect(Server.ConnectOptions.EndPoint, Host, Port);

    public IPEndPoint? Source { get; init; }

    /// <summary>The network interface to connect by; null for any.</summary>
    public string? Interface { get; init; }

    /// <summary>TLS of the connections that checks open without saying more.</summary>
    public TlsClientContext? Tls { get; init; }

    /// <summary>TLS of the connections of which a step says that they use it.</summary>
    public TlsClientContext? StepTls { get; init; }

    public string? HostName { get; init; }

    /// <summary>The PROXY protocol that connections begin with that checks open without saying more; null for none.</summary>
    public ProxyProtocolVersion? ProxyProtocol { get; init; }

    /// <summary>That of the connections of which a step says that they do.</summary>
    public ProxyProtocolVersion StepProxyProtocol { get; init; }

    /// <summary>Whether the connections that checks open without saying more go by the server's proxy of SOCKS.</summary>
    public bool GoesBySocks4 { get; init; }

    /// <summary>Whether a header of version 2 tells the check's own addresses.</summary>
    public bool TellsAddresses { get; init; }

    /// <summary>What servers are told that this proxy is called; empty where they are told nothing.</summary>
    public string NodeName { get; init; } = "";

    /// <summary>HAProxy: <c>timeout check</c>; null where the interval limits the whole.</summary>
    public TimeSpan? PhaseLimit { get; init; }

    public TimeSpan? ConnectTimeout { get; init; }

    /// <summary>By how much of itself an interval varies at most, up and down; 0 to 0.5.</summary>
    public double Spread { get; init; }

    /// <summary>Connecting alone has this; without <see cref="PhaseLimit"/> all of the check.</summary>
    public TimeSpan LimitOfConnect => PhaseLimit is not null && ConnectTimeout is { } limit && limit < Interval ? limit : Interval;

    public TimeSpan ShortestInterval => new(Math.Min(Interval.Ticks, Math.Min(FastInterval.Ticks, DownInterval.Ticks)));

    /// <summary>An address like another, with a host and a port of its own where there are such.</summary>
    public static EndPoint Redirect(EndPoint from, string? host, int? port)
    {
        if (host is null && port is null)
        {
            return from;
        }

        var (itsHost, itsPort) = from switch
        {
            IPEndPoint ip => (ip.Address.ToString(), ip.Port),
            DnsEndPoint dns => (dns.Host, dns.Port),
            _ => (null, 0), // a socket of the file system has neither
        };
        var to = host ?? itsHost;
        var number = port ?? itsPort;
        return to is null || number == 0 ? from
            : IPAddress.TryParse(to, out var address) ? new IPEndPoint(address, number)
            : new DnsEndPoint(to, number);
    }
}
