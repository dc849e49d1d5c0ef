using System.Buffers;
using ProxyKit.Backends;
using ProxyKit.Http1;

namespace ProxyKit.Exchanges;

/// <summary>Which idle connection a request may take, and of which pool a new one is.</summary>
internal sealed partial class ServedExchange
{
    private const int UnknownPool = -1;

    private byte[]? _poolName; // outlives the exchange, as room for the next
    private int _poolNameLength = UnknownPool;

    private Http1Upstream? TakeIdle()
    {
        var server = _attempts.Server!; // picked
        return BackendPolicy.ProxyHeaderOf(server) is { } header ? TakeToldOf(server, header)
            : _sessionConnections.TryTake(server.State, default, _context.Settings.ServerMarks, PoolNameOf(server)) ?? TakePooled(server);
    }

    /// <summary>The name of the pool that a connection to a server is of; empty for none.</summary>
    private ReadOnlyMemory<byte> PoolNameOf(Server server)
    {
        if (ServerGreeting.Of(server) is not { HasPools: true } greeting)
        {
            return default;
        }

        var bytes = _poolName ??= new byte[ServerGreeting.LongestPool];
        if (_poolNameLength == UnknownPool)
        {
            _poolNameLength = greeting.WritePool(_context, bytes);
        }

        return bytes.AsMemory(0, _poolNameLength);
    }

    /// <summary>Takes an idle connection of which the server was told what it would be told of a new one.</summary>
    private Http1Upstream? TakeToldOf(Server server, SentProxyHeader header)
    {
        var bytes = header.Rent(_context, out var length);
        var taken = _sessionConnections.TryTake(server.State, bytes.AsMemory(0, length), _context.Settings.ServerMarks, PoolNameOf(server));
        ArrayPool<byte>.Shared.Return(bytes);
        return taken;
    }

    /// <summary>Takes an idle connection that clients share.</summary>
    private Http1Upstream? TakePooled(Server server)
    {
        if (_backend!.Reuse == ConnectionReuse.Never || BackendPolicy.ProxyHeaderOf(server) is not null || _context.Settings.ServerMarks != default) // routed
        {
            return null;
        }

        var repeats = !_isFirstOfConnection || (_mayReplay && _backend.RepeatsLostRequests); // the client, or the backend, will repeat what is lost
        TakeOrder? order = (repeats, _backend.Reuse) switch
        {
            (true, _) => TakeOrder.FreshFirst,
            (_, ConnectionReuse.Always) => TakeOrder.ProvedFirst,
            (_, ConnectionReuse.Aggressive) => TakeOrder.ProvedOnly,
            _ => null,
        };
        return order is { } wanted ? server.State.Idle.TryTake(wanted, PoolNameOf(server).Span) : null;
    }
}
