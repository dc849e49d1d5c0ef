using ProxyKit.Checks;
using ProxyKit.Resolvers;

namespace ProxyKit.Backends;

/// <summary>One origin in a backend. HAProxy: <c>server</c>.</summary>
public sealed class ServerOptions
{
    /// <summary>The name, for logs and statistics; unique in its backend.</summary>
    public required string Name { get; init; }

    /// <summary>The address: <c>10.0.0.1:8080</c>, <c>[2001:db8::1]:8080</c>, <c>web.internal:8080</c>, <c>unix@/run/app.sock</c>. In
    /// <c>0.0.0.0:22</c> and <c>[::]:22</c> the address stands for that which each client has connected to, or which a rule has put in its place
    /// (<c>set-dst</c>): let rules see to it that it is one of those you mean, or anybody gets anywhere. In the same way <c>10.0.0.1:+0</c> is on the
    /// port that the client has connected to, and <c>10.0.0.1:+100</c> and <c>10.0.0.1:-100</c> on one that far from it. With <see cref="Resolution"/> it
    /// may be the name of a service, <c>_http._tcp.example.com</c>.</summary>
    public required string Address { get; init; }

    /// <summary>How its address is found while the proxy runs, where <see cref="Address"/> has a name. HAProxy: <c>resolvers</c>.</summary>
    /// <value>Null by default: the system looks a name up, at each connection.</value>
    public ServerResolutionOptions? Resolution { get; set; }

    /// <summary>The share of work relative to the other servers. HAProxy: <c>weight</c>.</summary>
    /// <value>1 by default; 0 to 256; 0 takes no new work.</value>
    public int Weight { get; set; } = 1;

    /// <summary>The number, unique in its backend: what <see cref="ProxyKit.Balance.First"/> goes by, and by default the places on a hash ring.
    /// HAProxy: <c>id</c>.</summary>
    /// <value>Null by default: the position among the servers, from 1, or the next number that is free. 1 or more.</value>
    public int? Id { get; set; }

    /// <summary>A name that is its own wherever it is configured. HAProxy: <c>guid</c>.</summary>
    /// <value>Null by default: none. Up to 127 letters, digits and <c>- _ : . </c>.</value>
    public string? Guid { get; set; }

    /// <summary>What the server's places on a hash ring come from: proxies with other servers, or the same in another order, agree on where keys
    /// belong as far as this agrees. HAProxy: <c>hash-key</c>.</summary>
    /// <value><see cref="ServerHashKey.Id"/> by default.</value>
    public ServerHashKey HashKey { get; set; }

    /// <summary>How long the server takes to get all of its work once it has come back while the proxy runs: weight and limit rise in equal steps.
    /// HAProxy: <c>slowstart</c>.</summary>
    /// <value>Null by default: it gets all at once. Whole seconds, rounded up; static algorithms heed the limit alone.</value>
    public TimeSpan? SlowStart { get; set; }

    /// <summary>How many requests, or in TCP mode connections, the server works on at once; more wait in the proxy. HAProxy: <c>maxconn</c>.</summary>
    /// <value>Null by default: no limit; also 0.</value>
    public int? MaxConnections { get; set; }

    /// <summary>The limit while the backend has little to do; it grows to <see cref="MaxConnections"/> as the backend fills to
    /// <see cref="BackendOptions.FullConnections"/>. HAProxy: <c>minconn</c>.</summary>
    /// <value>Null by default: always <see cref="MaxConnections"/>. Alone, or above that, it is a fixed limit.</value>
    public int? MinConnections { get; set; }

    /// <summary>How many requests may wait for this server and no other. One more goes elsewhere, or where it may not gets a 503.
    /// HAProxy: <c>maxqueue</c>.</summary>
    /// <value>Null by default: no limit; also 0.</value>
    public int? MaxQueue { get; set; }

    /// <summary>Whether <see cref="MaxConnections"/> limits the open connections too, idle ones included, and not the requests alone. Where a
    /// new one is needed, an idle one is closed for it. HAProxy: <c>strict-maxconn</c>.</summary>
    /// <value>False by default. Needs <see cref="MaxConnections"/>.</value>
    public bool LimitsSockets { get; set; }

    /// <summary>Whether the server is used only when no other is left. HAProxy: <c>backup</c>.</summary>
    public bool IsBackup { get; set; }

    /// <summary>What stands for the server in the backend's sticky cookie. Servers that share a value stand in for one another. HAProxy:
    /// <c>cookie</c>.</summary>
    /// <value>Null by default: no client comes to be bound to it by cookie.</value>
    public string? Cookie { get; set; }

    /// <summary>Whether stick tables do not learn of the server. HAProxy: <c>non-stick</c>.</summary>
    /// <value>False by default. True suits backups.</value>
    public bool IsNonStick { get; set; }

    /// <summary>How the server is checked. HAProxy: <c>check</c>.</summary>
    /// <value>Null by default: as <see cref="BackendOptions.CheckServers"/> says.</value>
    public ServerCheckOptions? Check { get; set; }

    /// <summary>What checks of the server do, where that is not what the backend's <see cref="BackendOptions.HealthCheck"/> says; whether it is checked is for
    /// <see cref="Check"/> to say. HAProxy: <c>healthcheck</c>.</summary>
    /// <value>Null by default: as the backend says.</value>
    public HealthCheckOptions? HealthCheck { get; set; }

    /// <summary>Whether the server is not checked, whatever the backend says. HAProxy: <c>no-check</c>.</summary>
    public bool IsUnchecked { get; set; }

    /// <summary>A program beside the server that says how it is. HAProxy: <c>agent-check</c>.</summary>
    /// <value>Null by default: none.</value>
    public AgentCheckOptions? Agent { get; set; }

    /// <summary>The server whose health is this one's too, as <c>backend/server</c>. HAProxy: <c>track</c>.</summary>
    /// <value>Null by default: none. A server that tracks another is not checked itself.</value>
    public string? Track { get; set; }

    /// <summary>What clients' own requests tell about its health; it has to be checked too. HAProxy: <c>observe</c>.</summary>
    /// <value>Null by default: nothing.</value>
    public ObservationOptions? Observe { get; set; }

    /// <summary>What is taken for true of it before its first check, and when it comes back from maintenance. HAProxy: <c>init-state</c>.</summary>
    /// <value><see cref="InitialServerState.Up"/> by default: the first check that fails takes it down.</value>
    public InitialServerState InitialState { get; set; }

    /// <summary>Whether it is in maintenance until somebody says that it is ready. HAProxy: <c>disabled</c>.</summary>
    public bool StartsInMaintenance { get; set; }

    /// <summary>Whether what it works on is cut when it goes down. HAProxy: <c>on-marked-down shutdown-sessions</c>.</summary>
    public bool CutsSessionsWhenDown { get; set; }

    /// <summary>Whether what the backups work on is cut when it comes up. HAProxy: <c>on-marked-up shutdown-backup-sessions</c>.</summary>
    public bool CutsBackupSessionsWhenUp { get; set; }

    /// <summary>Where clients are sent, with 302, in the place of requests to this server with GET and HEAD: a beginning, behind which comes the request's path
    /// with its query, as in <c>https://static.example</c>. HTTP only. HAProxy: <c>redir</c>.</summary>
    /// <value>Null by default: the server gets all requests itself. Not together with <see cref="BackendOptions.Hedge"/>.</value>
    public string? RedirectPrefix { get; set; }

    /// <summary>The local address to connect from, with or without a port. HAProxy: <c>source</c>.</summary>
    /// <value>Null by default: the system chooses. Of the kind that the server's address is, or that of its <see cref="Socks4Proxy"/>.</value>
    public string? Source { get; set; }

    /// <summary>The network interface to connect by, as in <c>eth1</c>; Linux only. HAProxy: <c>source ... interface</c>.</summary>
    /// <value>Null by default: the system chooses.</value>
    public string? Interface { get; set; }

    /// <summary>The proxy of SOCKS version 4 that connections to the server go by, as in <c>10.0.0.9:1080</c>; those of checks where
    /// <see cref="ServerCheckOptions.GoesBySocks4"/> says so. The server has an address of IPv4, which is all that this version knows. HAProxy:
    /// <c>socks4</c>.</summary>
    /// <value>Null by default: none. An IP address with a port, not <c>0.0.0.0</c> or <c>::</c>.</value>
    public string? Socks4Proxy { get; set; }

    /// <summary>TLS towards the server; null, the default, for none. HAProxy: <c>ssl</c>.</summary>
    public Transport.Tls.ServerTlsOptions? Tls { get; set; }

    /// <summary>What gives the name that the server is asked for (SNI) and has to prove, where that is another one for each request, as in
    /// <c>Value.Parse("req.hdr(host),host_only")</c>: requests for one name share connections. It is evaluated when the server is chosen. HAProxy: <c>sni</c>.</summary>
    /// <value>Null by default: the name is that of <see cref="Transport.Tls.ServerTlsOptions.HostName"/>, as it is where this gives nothing, or no host's name.
    /// Needs <see cref="Tls"/>; not together with <see cref="BackendOptions.Hedge"/>. A server that answers to every name that clients come up with should be
    /// asked for those alone that rules have let pass.</value>
    public Rules.Expressions.Expression? TlsHostName { get; set; }

    /// <summary>The header of the PROXY protocol that connections to the server begin with. HAProxy: <c>send-proxy</c>, <c>send-proxy-v2</c>.</summary>
    /// <value>Null by default: none.</value>
    public ProxyProtocolOptions? ProxyProtocol { get; set; }

    /// <summary>What parts the connections to the server into pools, as in <c>Value.Parse("req.hdr(x-tenant)")</c>: a request goes out on a connection that
    /// others have opened only where theirs gave the same. It is evaluated when the server is chosen. HTTP only. HAProxy: <c>pool-conn-name</c>.</summary>
    /// <value>Null by default: they are parted by <see cref="TlsHostName"/>, as they are where this gives nothing. Where it gives something, by nothing else:
    /// who parts them more coarsely has requests for one name go out on connections on which another was asked for. Not together with
    /// <see cref="BackendOptions.Hedge"/>.</value>
    public Rules.Expressions.Expression? PoolName { get; set; }

    /// <summary>How many idle connections to the server are kept. HAProxy: <c>pool-max-conn</c>.</summary>
    /// <value>0 keeps none; null, the default, sets no limit beyond <see cref="IdlePurgeInterval"/>.</value>
    public int? MaxIdleConnections { get; set; }

    /// <summary>Every so often half of the idle connections in excess of recent use are closed. HAProxy: <c>pool-purge-delay</c>.</summary>
    /// <value>5 seconds by default; zero keeps no idle connection.</value>
    public TimeSpan IdlePurgeInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many further requests a connection may carry after its first. HAProxy: <c>max-reuse</c>.</summary>
    /// <value>Null by default: no limit; 0 closes the connection after each response.</value>
    public int? MaxReuse { get; set; }

    internal bool IsCheckedIn(BackendOptions backend) => !IsUnchecked && Track is null && (Check ?? backend.CheckServers) is not null;
}
