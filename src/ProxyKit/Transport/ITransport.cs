using System.Net;

namespace ProxyKit.Transport;

/// <summary>How connections are accepted and made. Core ships one over System.Net.Sockets; tests bring one in memory.</summary>
public interface ITransport
{
    /// <summary>Starts to listen. Connections wait in the kernel's queue until accepted.</summary>
    /// <param name="options">Where and how.</param>
    /// <returns>The open listener.</returns>
    /// <exception cref="IOException">The address is taken, not ours, or may not be used; the message names the address and the reason.</exception>
    ITransportListener Listen(ListenOptions options);

    /// <summary>Opens a connection.</summary>
    /// <param name="options">Where to and how.</param>
    /// <param name="cancellationToken">Gives the attempt up; the result is then <see cref="TransportError.Aborted"/>.</param>
    /// <returns>The connection, or why there is none.</returns>
    ValueTask<ConnectResult> ConnectAsync(ConnectOptions options, CancellationToken cancellationToken);
}

/// <summary>An open listening address.</summary>
public interface ITransportListener : IDisposable
{
    /// <summary>The address in use; tells the port where port 0 was asked for.</summary>
    EndPoint? LocalEndPoint { get; }

    /// <summary>Takes the next connection from the queue.</summary>
    /// <returns>The connection; null when the listener was closed; an error that passes (a peer gone, no descriptors left) as a failed result.</returns>
    ValueTask<ConnectResult?> AcceptAsync();
}

/// <summary>A connection, or why there is none.</summary>
/// <param name="Connection">The connection; null on failure.</param>
/// <param name="Error">The reason of a failure.</param>
public readonly record struct ConnectResult(Connection? Connection, TransportError Error)
{
    /// <summary>A made connection.</summary>
    /// <param name="connection">The connection.</param>
    /// <returns>The result.</returns>
    public static ConnectResult Made(Connection connection) => new(connection, TransportError.None);

    /// <summary>A failed attempt.</summary>
    /// <param name="error">Why.</param>
    /// <returns>The result.</returns>
    public static ConnectResult Failed(TransportError error) => new(null, error);
}

/// <summary>Where and how to listen.</summary>
public sealed record ListenOptions
{
    /// <summary>The address: an <see cref="IPEndPoint"/>, a <see cref="System.Net.Sockets.UnixDomainSocketEndPoint"/>, or null with <see cref="InheritedDescriptor"/>.</summary>
    public EndPoint? EndPoint { get; init; }

    /// <summary>The number of an already listening descriptor to take over instead of opening an address. HAProxy: <c>fd@n</c>.</summary>
    public int? InheritedDescriptor { get; init; }

    /// <summary>Whether an IPv6 wildcard also takes IPv4 connections. True by default; HAProxy: the absence of <c>v6only</c>.</summary>
    public bool DualStack { get; init; } = true;

    /// <summary>The network interface that clients must come by; null for any. Linux only. HAProxy: <c>interface</c>.</summary>
    public string? Interface { get; init; }

    /// <summary>Whether another process may listen on the same address at the same time: the one that takes this one's place. Linux only, where the
    /// system shares new connections out among those who listen (<c>SO_REUSEPORT</c>). On a unix socket
    /// the last one who listens gets them, and whose file it was goes on with those it has.</summary>
    public bool SharesAddress { get; init; }

    /// <summary>Whether the address need not be this machine's, so that what the network sends on can be accepted. Linux only; needs the privilege to
    /// administer the network. HAProxy: <c>transparent</c>.</summary>
    public bool IsTransparent { get; init; }

    /// <summary>The permissions of a unix socket; null for what the process's umask leaves.</summary>
    public UnixFileMode? SocketMode { get; init; }

    /// <summary>The number of the user whom a unix socket belongs to; null for the process's own.</summary>
    public uint? SocketUser { get; init; }

    /// <summary>The number of the group that a unix socket belongs to; null for the process's own.</summary>
    public uint? SocketGroup { get; init; }

    /// <summary>What is kept of the first packet of each connection; Linux alone can.</summary>
    public SavedPacket SavedPacket { get; init; }

    /// <summary>How many connections may wait in the kernel's queue. HAProxy: <c>backlog</c>; 1024 when nothing says otherwise.</summary>
    public int Backlog { get; init; } = 1024;
}

/// <summary>Where to and how to connect.</summary>
public sealed record ConnectOptions
{
    /// <summary>The address: an <see cref="IPEndPoint"/>, a <see cref="DnsEndPoint"/> or a <see cref="System.Net.Sockets.UnixDomainSocketEndPoint"/>.</summary>
    public required EndPoint EndPoint { get; init; }

    /// <summary>The address to connect from; null leaves the choice to the system. HAProxy: <c>source</c>.</summary>
    public IPEndPoint? Source { get; init; }

    /// <summary>The network interface to connect by; null leaves the choice to the system. Linux only. HAProxy: <c>interface</c>.</summary>
    public string? Interface { get; init; }

    /// <summary>How its packets are marked, from the first on.</summary>
    internal PacketMarks Marks { get; init; }
}
