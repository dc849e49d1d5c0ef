using ProxyKit.Http1;
using ProxyKit.Transport;

namespace ProxyKit.Backends;

/// <summary>The idle server connections that belong to one client connection and are shared with no other.</summary>
/// <remarks>While a connection is idle it is watched: whatever comes then, data or the end, closes it.</remarks>
/// <param name="most">At most how many; for one more the oldest goes. HAProxy: <c>max-session-srv-conns</c>.</param>
internal sealed class SessionConnections(int most = 5) : IDataWatcher
{
    private IdleList? _idle; // made with the first connection: most clients never have one of their own

    /// <summary>The server that the client goes back to: the one whose connection it has authenticated, since only there can it go on; else, where the
    /// backend wants that, one that it has a connection to. Null when there is none.</summary>
    public Server? FindHeld(Backend backend)
    {
        if (_idle is not { } idle)
        {
            return null;
        }

        var prefersAny = backend.PrefersLastServer; // a user's strategy is asked: not under the lock
        lock (idle.Lock)
        {
            foreach (var (state, upstream) in idle.Connections)
            {
                if ((upstream.IsPrivate || (prefersAny && backend.TakesBack(state))) && upstream.IsClean && state.TakesBound
                    && Array.Find(backend.Servers, s => s.State == state) is { } server)
                {
                    return server;
                }
            }
        }

        return null;
    }

    /// <summary>Takes one to a server.</summary>
    /// <param name="server">The server.</param>
    /// <param name="proxyHeader">The header of the PROXY protocol that it must have begun with; empty for none.</param>
    /// <param name="marks">How its packets must be marked.</param>
    /// <param name="name">The name that its pool must have; empty for none.</param>
    public Http1Upstream? TryTake(ServerState server, ReadOnlyMemory<byte> proxyHeader, PacketMarks marks, ReadOnlyMemory<byte> name)
    {
        while (Remove(
            static (idle, of) => idle.Server == of.server && idle.Upstream.Marks == of.marks && idle.Upstream.ProxyHeader.AsSpan().SequenceEqual(of.proxyHeader.Span)
                && idle.Upstream.PoolName.AsSpan().SequenceEqual(of.name.Span),
            (server, proxyHeader, marks, name)) is var (_, upstream))
        {
            if (!upstream.IsSpoilt() && (server.Place is null || server.IsAt(upstream.Connection.Destination)))
            {
                return upstream;
            }

            upstream.Dispose(); // the server closed it a moment ago, and its watcher finds it gone from here; or it has moved
        }

        return null;
    }

    public void Add(ServerState server, Http1Upstream upstream)
    {
        var idle = _idle ??= new IdleList(); // before the watch, which may look for it
        if (most == 0 || !upstream.Connection.Watch(this))
        {
            upstream.Dispose();
            return;
        }

        Http1Upstream? oldest = null;
        lock (idle.Lock)
        {
            if (idle.IsClosed)
            {
                oldest = upstream; // it was looked at while the client went: nobody comes for it
            }
            else
            {
                if (idle.Connections.Count >= most)
                {
                    oldest = idle.Connections[0].Upstream;
                    idle.Connections.RemoveAt(0);
                }

                idle.Connections.Add((server, upstream));
            }
        }

        oldest?.Dispose();
        if (upstream.Connection.HasUnaskedData)
        {
            OnDataAvailable(upstream.Connection); // it came before the list knew the connection
        }
    }

    /// <summary>Something came on an idle connection. Nothing may: the connection is of no use any more.</summary>
    public void OnDataAvailable(Connection connection)
    {
        if (!connection.HasUnaskedData || Remove(static (idle, of) => idle.Upstream.Connection == of, connection) is not var (server, upstream))
        {
            return; // told late, or an exchange took it meanwhile
        }

        if (upstream.IsSpoilt())
        {
            upstream.Dispose();
        }
        else
        {
            Add(server, upstream);
        }
    }

    /// <summary>Closes them all, at the end of the client connection.</summary>
    public void Close()
    {
        if (_idle is { } idle)
        {
            lock (idle.Lock)
            {
                idle.IsClosed = true;
            }
        }

        while (Remove(static (_, _) => true, 0) is var (_, upstream))
        {
            upstream.Dispose();
        }
    }

    /// <summary>Takes the youngest of a kind out.</summary>
    private (ServerState Server, Http1Upstream Upstream)? Remove<TOf>(Func<(ServerState Server, Http1Upstream Upstream), TOf, bool> isWanted, TOf of)
    {
        if (_idle is not { } idle)
        {
            return null;
        }

        lock (idle.Lock)
        {
            for (var i = idle.Connections.Count - 1; i >= 0; i--)
            {
                if (isWanted(idle.Connections[i], of))
                {
                    var found = idle.Connections[i];
                    idle.Connections.RemoveAt(i);
                    return found;
                }
            }

            return null;
        }
    }

    private sealed class IdleList
    {
        public Lock Lock { get; } = new(); // guards Connections and IsClosed

        public List<(ServerState Server, Http1Upstream Upstream)> Connections { get; } = [];

        public bool IsClosed { get; set; }
    }
}
