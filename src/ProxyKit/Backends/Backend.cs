using System.Diagnostics.CodeAnalysis;
using ProxyKit.Balancing;
using ProxyKit.Http;

namespace ProxyKit.Backends;

/// <summary>A backend of the running configuration: immutable, with everything resolved.</summary>
internal sealed class Backend
{
    private readonly Server[] _candidates;

    public Backend(BackendOptions options, Server[] servers)
    {
        Name = options.Name;
        Mode = options.Mode;
        Servers = servers;
        Strategy = options.Balance.Create();
        ConnectTimeout = options.ConnectTimeout;
        ServerTimeout = options.ServerTimeout;
        ServerFinTimeout = options.ServerFinTimeout;
        TunnelTimeout = options.TunnelTimeout;
        TarpitTimeout = options.TarpitTimeout;
        Retries = options.Retries;
        Redispatch = options.Redispatch;
        AbortOnClose = options.AbortOnClose;
        Reuse = options.Reuse;
        CloseServerConnections = options.CloseServerConnections;
        _candidates = ChooseCandidates(servers, options.UseAllBackups);
    }

    public string Name { get; }

    public ProxyMode Mode { get; }

    public Server[] Servers { get; }

    public IBalancingStrategy Strategy { get; }

    public TimeSpan? ConnectTimeout { get; }

    public TimeSpan? ServerTimeout { get; }

    public TimeSpan? ServerFinTimeout { get; }

    public TimeSpan? TunnelTimeout { get; }

    public TimeSpan? TarpitTimeout { get; }

    public int Retries { get; }

    public bool Redispatch { get; }

    public bool AbortOnClose { get; }

    public ConnectionReuse Reuse { get; }

    public bool CloseServerConnections { get; }

    /// <summary>How many requests or connections all its servers work on at this moment.</summary>
    public int ActiveRequests
    {
        get
        {
            var active = 0;
            foreach (var server in Servers)
            {
                active += server.ActiveRequests;
            }

            return active;
        }
    }

    /// <summary>How many servers take part in balancing.</summary>
    public int CandidateCount => _candidates.Length;

    /// <summary>Chooses the server of a request or a connection; false when there is none to choose.</summary>
    /// <param name="exchange">The request; null in TCP mode.</param>
    /// <param name="avoid">The server a previous attempt failed on.</param>
    /// <param name="server">The choice.</param>
    /// <exception cref="InvalidOperationException">A user's strategy chose a server that was not a candidate.</exception>
    public bool TryPick(HttpExchange? exchange, Server? avoid, [NotNullWhen(true)] out Server? server)
    {
        server = _candidates.Length == 0 ? null : Strategy.Pick(new BalancingContext(_candidates, exchange, avoid));
        if (server is not null && Array.IndexOf(_candidates, server) < 0)
        {
            throw new InvalidOperationException($"The balancing strategy of backend '{Name}' chose {server}, which is not a candidate.");
        }

        return server is not null;
    }

    /// <summary>The active servers with a weight; where there is none, the first such backup, or all of them.</summary>
    private static Server[] ChooseCandidates(Server[] servers, bool useAllBackups)
    {
        var active = Array.FindAll(servers, static s => !s.IsBackup && s.Weight > 0);
        if (active.Length > 0)
        {
            return active;
        }

        var backups = Array.FindAll(servers, static s => s.IsBackup && s.Weight > 0);
        return useAllBackups ? backups : backups[..Math.Min(1, backups.Length)];
    }
}
