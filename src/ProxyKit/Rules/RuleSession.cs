using System.Net;
using ProxyKit.Rules.Samples;
using ProxyKit.Rules.Variables;
using ProxyKit.StickTables;
using ProxyKit.Transport;
using ProxyKit.Transport.ProxyProtocol;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Rules;

/// <summary>What rules know of a client's connection, and what they keep for its time.</summary>
/// <remarks>Each idle client keeps one, so it is small: what the connection or the bind knows is asked there, and what rules put here is
/// made when the first of them does.</remarks>
internal sealed class RuleSession
{
    private const long NotRead = -1;

    private Put? _put;
    private long _acceptedAt; // ticks of UTC, which take half of what a DateTimeOffset does
    private long _sourceIPv4 = NotRead; // in one piece, since several flows may ask at once

    /// <summary>The client's connection; null where rules are tried without one.</summary>
    public Connection? Connection
    {
        get;
        set
        {
            field = value;
            _sourceIPv4 = NotRead;
        }
    }

    /// <summary>The bind that the client came in at.</summary>
    public BindFacts Bind { get; set; } = BindFacts.None;

    /// <summary>Where the client is, as rules and logs see it; rules may put another address here.</summary>
    public EndPoint? Source
    {
        get => _put?.Source ?? Connection?.RemoteEndPoint;
        set
        {
            Own.Source = value;
            _sourceIPv4 = NotRead;
        }
    }

    /// <summary>The address of <see cref="Source"/>. One of IPv4, which most have, is kept here: rules ask for it with each request, and behind the end
    /// point lie two objects more.</summary>
    public bool TryGetSource(ref Sample sample)
    {
        if (_sourceIPv4 is var known and not NotRead)
        {
            return sample.SetIPv4((uint)known);
        }

        if (!sample.Set((Source as IPEndPoint)?.Address))
        {
            return false;
        }

        if (sample.Type == SampleType.IPv4)
        {
            _sourceIPv4 = (uint)sample.Integer;
        }

        return true;
    }

    /// <summary>Where the client connected to, likewise.</summary>
    public EndPoint? Destination
    {
        get => _put?.Destination ?? Connection?.LocalEndPoint;
        set => Own.Destination = value;
    }

    /// <summary>Where the connection itself comes from.</summary>
    public EndPoint? ConnectionSource
    {
        get => _put?.ConnectionSource ?? Connection?.RemoteEndPoint;
        set => Own.ConnectionSource = value;
    }

    /// <summary>Where the connection itself leads to.</summary>
    public EndPoint? ConnectionDestination
    {
        get => _put?.ConnectionDestination ?? Connection?.LocalEndPoint;
        set => Own.ConnectionDestination = value;
    }

    /// <summary>What a header of the PROXY protocol has told of the connection; null where there was none. The addresses that it names take the place of
    /// all others.</summary>
    public ProxyHeader? ProxyHeader
    {
        get => _put?.ProxyHeader;
        set
        {
            Own.ProxyHeader = value;
            if (value is not null)
            {
                TakeAddresses(value);
            }
        }
    }

    /// <summary>Has the addresses that a header names take the place of all others.</summary>
    public void TakeAddresses(ProxyHeader header)
    {
        if (header is { Source: { } source, Destination: { } destination })
        {
            (Source, Destination, ConnectionSource, ConnectionDestination) = (source, destination, source, destination);
        }
    }

    /// <summary>Why there was no such header where one had to be.</summary>
    public ProxyHeaderFault ProxyHeaderFault
    {
        get => _put?.ProxyHeaderFault ?? ProxyHeaderFault.None;
        set => Own.ProxyHeaderFault = value;
    }

    /// <summary>Whether a rule has asked for such a header.</summary>
    public bool ExpectsProxyHeader
    {
        get => _put?.ExpectsProxyHeader == true;
        set => Own.ExpectsProxyHeader = value;
    }

    /// <summary>Whether a rule has asked for the header of a NetScaler.</summary>
    public bool ExpectsNetScalerHeader
    {
        get => _put?.ExpectsNetScalerHeader == true;
        set => Own.ExpectsNetScalerHeader = value;
    }

    /// <summary>Whether the client came over TLS.</summary>
    public bool IsSecure { get; set; }

    /// <summary>The client's connection where it is over TLS: what the handshake agreed on; null without.</summary>
    public TlsConnection? Tls => Connection as TlsConnection;

    /// <summary>Why there is no session: for the line about it.</summary>
    public HandshakeFailure Failure
    {
        get => _put?.Failure ?? HandshakeFailure.None;
        set => Own.Failure = value;
    }

    /// <summary>When the connection was accepted.</summary>
    public DateTimeOffset AcceptedAt
    {
        get => new(_acceptedAt, TimeSpan.Zero);
        set => _acceptedAt = value.UtcTicks;
    }

    /// <summary>The variables that live as long as the connection.</summary>
    public VariableSet Variables => Own.Variables ??= new();

    /// <summary>What the connection tracks; to be read only.</summary>
    public TrackedCounters Counters => _put?.Counters ?? TrackedCounters.None;

    /// <summary>The same, for one who has it track more.</summary>
    public TrackedCounters OwnCounters => Own.Counters ??= new();

    private Put Own => _put ??= new();

    /// <summary>What rules have put here.</summary>
    private sealed class Put
    {
        public EndPoint? Source, Destination, ConnectionSource, ConnectionDestination;

        public ProxyHeader? ProxyHeader;

        public ProxyHeaderFault ProxyHeaderFault;

        public bool ExpectsProxyHeader, ExpectsNetScalerHeader;

        public VariableSet? Variables;

        public TrackedCounters? Counters;

        public HandshakeFailure Failure;
    }
}
