using System.Net;
using ProxyKit.Rules.Variables;
using ProxyKit.StickTables;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Rules;

/// <summary>What rules know of a client's connection, and what they keep for its time.</summary>
internal sealed class RuleSession
{
    private VariableSet? _variables;
    private TrackedCounters? _counters;

    /// <summary>Where the client is, as rules and logs see it; rules may put another address here.</summary>
    public EndPoint? Source { get; set; }

    /// <summary>Where the client connected to, likewise.</summary>
    public EndPoint? Destination { get; set; }

    /// <summary>Where the connection itself comes from.</summary>
    public EndPoint? ConnectionSource { get; set; }

    /// <summary>Where the connection itself leads to.</summary>
    public EndPoint? ConnectionDestination { get; set; }

    /// <summary>Whether the client came over TLS.</summary>
    public bool IsSecure { get; set; }

    /// <summary>The client's connection where it is over TLS: what the handshake agreed on; null without.</summary>
    public TlsConnection? Tls { get; set; }

    /// <summary>When the connection was accepted.</summary>
    public DateTimeOffset AcceptedAt { get; set; }

    /// <summary>The name of the bind, if it has one.</summary>
    public string? BindName { get; set; }

    /// <summary>The number of the bind, from 1, among all of the configuration.</summary>
    public int BindId { get; set; }

    /// <summary>The variables that live as long as the connection.</summary>
    public VariableSet Variables => _variables ??= new();

    /// <summary>What the connection tracks; to be read only.</summary>
    public TrackedCounters Counters => _counters ?? TrackedCounters.None;

    /// <summary>The same, for one who has it track more.</summary>
    public TrackedCounters OwnCounters => _counters ??= new();
}
