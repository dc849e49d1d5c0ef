using ProxyKit.Http1;

namespace ProxyKit.Backends;

/// <summary>The idle server connections that belong to one client connection and are shared with no other. HAProxy keeps at most five of
/// them (<c>max-session-srv-conns</c>), and so do we.</summary>
internal sealed class SessionConnections : IDisposable
{
    private const int Most = 5;

    private readonly List<(ServerState Server, Http1Upstream Upstream)> _idle = [];

    /// <summary>The server whose connection this client has authenticated: only there can it go on. Null when there is none.</summary>
    public Server? FindAuthenticated(Backend backend)
    {
        foreach (var (state, upstream) in _idle)
        {
            if (upstream.IsPrivate && upstream.IsClean && Array.Find(backend.Servers, s => s.State == state) is { } server)
            {
                return server;
            }
        }

        return null;
    }

    public Http1Upstream? TryTake(ServerState server)
    {
        for (var i = _idle.Count - 1; i >= 0; i--)
        {
            if (_idle[i].Server != server)
            {
                continue;
            }

            var upstream = _idle[i].Upstream;
            _idle.RemoveAt(i);
            if (upstream.IsClean)
            {
                return upstream;
            }

            upstream.Dispose();
        }

        return null;
    }

    public void Add(ServerState server, Http1Upstream upstream)
    {
        if (_idle.Count == Most)
        {
            _idle[0].Upstream.Dispose();
            _idle.RemoveAt(0);
        }

        _idle.Add((server, upstream));
    }

    public void Dispose()
    {
        foreach (var (_, upstream) in _idle)
        {
            upstream.Dispose();
        }

        _idle.Clear();
    }
}
