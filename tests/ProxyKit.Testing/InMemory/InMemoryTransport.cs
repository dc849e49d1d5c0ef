using System.Collections.Concurrent;
using System.Net;
using ProxyKit.Transport;

namespace ProxyKit.Testing.InMemory;

/// <summary>A network inside the test: listeners by address, connections as pairs of queues. For split buffers, timing and failures
/// that real sockets do not produce on demand; what sockets do is tested with sockets.</summary>
public sealed class InMemoryTransport : ITransport
{
    private readonly ConcurrentDictionary<EndPoint, InMemoryListener> _listeners = new();
    private int _lastPort = 49151;

    /// <summary>How many bytes may be under way in each direction before a send waits. 64 KiB by default.</summary>
    public int Capacity { get; init; } = 64 * 1024;

    /// <summary>How many bytes a receive hands out at most, on both ends; null hands out what there is. See <see cref="ReceiveSizes"/>.</summary>
    public Func<int>? ReceiveSize { get; init; }

    /// <summary>Whether who waits goes on inside the send that it waited for. False by default: it goes on on the pool.</summary>
    public bool SignalsInline { get; init; }

    /// <summary>Has a word in every connect: it may take its time, and any error but <see cref="TransportError.None"/> is the result.</summary>
    public Func<ConnectOptions, CancellationToken, ValueTask<TransportError>>? Connecting { get; set; }

    /// <summary>Makes a pair of connections that belong to no listener.</summary>
    /// <param name="capacity">How many bytes may be under way in each direction before a send waits.</param>
    /// <param name="receiveSize">How many bytes a receive hands out at most.</param>
    /// <param name="signalsInline">Whether who waits goes on inside the send that it waited for, so that one thread does everything.</param>
    public static (Connection Client, Connection Server) MakePair(
        int capacity = 64 * 1024, Func<int>? receiveSize = null, bool signalsInline = false) =>
        InMemoryConnection.MakePair(
            new IPEndPoint(IPAddress.Loopback, 49152), new IPEndPoint(IPAddress.Loopback, 80), capacity, receiveSize, signalsInline);

    /// <inheritdoc/>
    public ITransportListener Listen(ListenOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var endPoint = options.EndPoint ?? throw new ArgumentException("An address is needed.", nameof(options));
        if (endPoint is IPEndPoint { Port: 0 } free)
        {
            endPoint = new IPEndPoint(free.Address, NextPort());
        }

        var listener = new InMemoryListener(endPoint, options.Backlog, closed => _listeners.TryRemove(new(endPoint, closed)));
        return _listeners.TryAdd(endPoint, listener)
            ? listener
            : throw new IOException($"cannot listen on {endPoint}: the address is already in use");
    }

    /// <inheritdoc/>
    public async ValueTask<ConnectResult> ConnectAsync(ConnectOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (cancellationToken.IsCancellationRequested)
        {
            return ConnectResult.Failed(TransportError.Aborted);
        }

        if (Connecting is { } connecting)
        {
            try
            {
                if (await connecting(options, cancellationToken) is var error and not TransportError.None)
                {
                    return ConnectResult.Failed(error);
                }
            }
            catch (OperationCanceledException)
            {
                return ConnectResult.Failed(TransportError.Aborted);
            }
        }

        if (Find(options.EndPoint) is not { } listener)
        {
            return ConnectResult.Failed(TransportError.Refused);
        }

        var local = options.Source is { Port: > 0 } source ? source : new IPEndPoint(options.Source?.Address ?? IPAddress.Loopback, NextPort());
        var (client, server) = InMemoryConnection.MakePair(local, options.EndPoint, Capacity, ReceiveSize, SignalsInline);
        return listener.TryEnqueue(server) ? ConnectResult.Made(client) : ConnectResult.Failed(TransportError.Refused);
    }

    private InMemoryListener? Find(EndPoint endPoint) =>
        _listeners.TryGetValue(endPoint, out var exact) ? exact
        : endPoint is IPEndPoint ip && _listeners.TryGetValue(new IPEndPoint(IPAddress.Any, ip.Port), out var any) ? any
        : endPoint is IPEndPoint ip6 && _listeners.TryGetValue(new IPEndPoint(IPAddress.IPv6Any, ip6.Port), out var any6) ? any6
        : null;

    private int NextPort() => Interlocked.Increment(ref _lastPort);
}
