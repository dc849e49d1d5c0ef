using ProxyKit.Checks;
using ProxyKit.CircuitBreakers;
using ProxyKit.Mailing;
using ProxyKit.Queueing;
using ProxyKit.Resilience;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Replies;
using ProxyKit.Stickiness;

namespace ProxyKit.Backends;

/// <summary>A group of servers with one policy. HAProxy: <c>backend</c>.</summary>
public sealed class BackendOptions
{
    /// <summary>The name, for routes, logs and statistics; unique among backends.</summary>
    public required string Name { get; init; }

    /// <summary>The number, unique among frontends and backends, save that a backend may share that of the frontend of its name: <c>be_id</c>. HAProxy:
    /// <c>id</c>.</summary>
    /// <value>Null by default: the position among them, frontends first, from 1, or the next number that is free; that of the frontend of the same name, if
    /// there is one. 1 or more.</value>
    public int? Id { get; set; }

    /// <inheritdoc cref="Frontends.FrontendOptions.PreferredId"/>
    public int? PreferredId { get; set; }

    /// <summary>Whether nothing is to go there: routes that lead to it are passed over, and where it is the default a client gets a 503, in TCP mode a closed
    /// connection. Its servers are checked all the same. HAProxy: <c>disabled</c>.</summary>
    /// <value>False by default.</value>
    public bool IsDisabled { get; set; }

    /// <summary>What the servers speak. HTTP by default. HAProxy: <c>mode</c>.</summary>
    public ProxyMode Mode { get; set; } = ProxyMode.Http;

    /// <summary>The servers, in the order that ties and backups go by.</summary>
    public IList<ServerOptions> Servers { get; } = [];

    /// <summary>What requests and responses are asked here, and what is done then. The lists for new connections are the frontend's alone.</summary>
    public RuleSetOptions Rules { get; } = new();

    /// <summary>Conditions by name, for the fetch <c>acl(name)</c>. HAProxy: <c>acl</c>.</summary>
    /// <remarks>What they name has to be there, also where nobody asks them.</remarks>
    public IDictionary<string, Condition> Acls { get; } = new Dictionary<string, Condition>(StringComparer.Ordinal);

    /// <summary>What clients get instead of the error pages that ProxyKit brings along; of several for a status the last one counts. HAProxy:
    /// <c>errorfile</c>, <c>errorloc</c>, <c>errorfiles</c>.</summary>
    public IList<ErrorPageOptions> ErrorPages { get; } = [];

    /// <summary>When servers that fail, or the backend itself, are left alone for a time.</summary>
    /// <value>None by default.</value>
    public IList<CircuitBreakerOptions> CircuitBreakers { get; } = [];

    /// <summary>How a server is chosen. Round robin by default. HAProxy: <c>balance</c>.</summary>
    public Balance Balance { get; set; } = Balance.RoundRobin;

    /// <summary>Whether all backup servers share the work once no other is left, rather than the first alone.
    /// HAProxy: <c>option allbackups</c>.</summary>
    public bool UseAllBackups { get; set; }

    /// <summary>How long one attempt to connect may take, the TLS handshake included. HAProxy: <c>timeout connect</c>.</summary>
    /// <value>5 seconds by default; null for no limit.</value>
    public TimeSpan? ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a request may wait for a server that may start on it. It then gets a 503. HAProxy: <c>timeout queue</c>.</summary>
    /// <value>Null by default: as long as <see cref="ConnectTimeout"/>.</value>
    public TimeSpan? QueueTimeout { get; set; }

    /// <summary>The number of requests in the backend at which its servers get all the connections that they are allowed; below it, their limits
    /// lie between <see cref="ServerOptions.MinConnections"/> and <see cref="ServerOptions.MaxConnections"/>. HAProxy: <c>fullconn</c>.</summary>
    /// <value>Null by default: a tenth of the connections that all frontends together may bring here. 1 or more.</value>
    public int? FullConnections { get; set; }

    /// <summary>How those wait who find no server with room: how many, in which order, and what they are told.</summary>
    public QueueOptions Queue { get; } = new();

    /// <summary>How long a server may be inactive while it is its turn to send or to take what was sent; before the response's head, the time
    /// it may think. HAProxy: <c>timeout server</c>.</summary>
    /// <value>50 seconds by default, as HAProxy's own examples have it; null for no limit.</value>
    public TimeSpan? ServerTimeout { get; set; } = TimeSpan.FromSeconds(50);

    /// <summary>Replaces <see cref="ServerTimeout"/> and the tunnel's limit once one direction is closed.
    /// HAProxy: <c>timeout server-fin</c>.</summary>
    /// <value>Null by default: nothing is replaced.</value>
    public TimeSpan? ServerFinTimeout { get; set; }

    /// <summary>How long a tunnel (TCP mode, WebSocket, CONNECT) may be silent in both directions; replaces the client's and the server's
    /// limits there. HAProxy: <c>timeout tunnel</c>.</summary>
    /// <value>Null by default: the client's and the server's limits go on.</value>
    public TimeSpan? TunnelTimeout { get; set; }

    /// <summary>How long the client of a tarpit among this backend's rules waits for its reply. HAProxy: <c>timeout tarpit</c>.</summary>
    /// <value>Null by default: it waits for nothing.</value>
    public TimeSpan? TarpitTimeout { get; set; }

    /// <summary>What a check of its servers does. By default it connects.</summary>
    public HealthCheckOptions HealthCheck { get; set; } = new();

    /// <summary>How servers are checked that say nothing of it themselves.</summary>
    /// <value>Null by default: they are not.</value>
    public ServerCheckOptions? CheckServers { get; set; }

    /// <summary>How long each step of a check may take once it has connected. HAProxy: <c>timeout check</c>.</summary>
    /// <value>Null by default: all of a check may take <see cref="ServerCheckOptions.Interval"/>.</value>
    public TimeSpan? CheckTimeout { get; set; }

    /// <summary>Whether each change of what checks find is logged, rather than changes of the servers' states alone. HAProxy:
    /// <c>option log-health-checks</c>.</summary>
    public bool LogsHealthChecks { get; set; }

    /// <summary>Who is told by mail what becomes of its servers. HAProxy: <c>email-alert</c>.</summary>
    /// <value>Null by default: nobody.</value>
    public EmailAlertOptions? EmailAlert { get; set; }

    /// <summary>How many further attempts follow a failed one. HAProxy: <c>retries</c>.</summary>
    /// <value>3 by default; 0 to 100.</value>
    public int Retries { get; set; } = 3;

    /// <summary>What a failed attempt is followed by another one for. Beyond <see cref="RetryCauses.ConnectFailure"/> a request is sent again that a
    /// server may have acted on: for those who can bear that, or with a rule that forbids it for other methods
    /// (<see cref="RuleActions.DisableReplay"/>). HTTP mode only. HAProxy: <c>retry-on</c>.</summary>
    /// <value><see cref="RetryCauses.ConnectFailure"/> by default.</value>
    public RetryCauses RetryOn { get; set; } = RetryCauses.ConnectFailure;

    /// <summary>The statuses of responses that are not passed on as long as another attempt may follow. HAProxy: <c>retry-on 503</c>.</summary>
    /// <value>None by default; of 401, 403, 404, 408, 421, 425, 429, 500, 501, 502, 503, 504.</value>
    public IList<int> RetryOnStatuses { get; } = [];

    /// <summary>How much of a request's body is kept so that it can be sent again; a request with a longer one is sent once.
    /// HAProxy: <c>tune.bufsize</c>, of which it takes one for the whole request.</summary>
    /// <value>65,536 bytes by default; 0 to 16 MiB. Nothing is kept unless <see cref="RetryOn"/> or <see cref="RetryOnStatuses"/> want it.</value>
    public int ReplayLimit { get; set; } = 64 * 1024;

    /// <summary>The part of the backend's requests that may be further attempts at a time, so that retries cannot multiply the load on servers that
    /// fail under it. What is beyond it fails as if it had no retries left.</summary>
    /// <value>Null by default: no limit but <see cref="Retries"/>. Above 0, up to 1; 0.2 is usual.</value>
    public double? RetryBudget { get; set; }

    /// <summary>How many further attempts <see cref="RetryBudget"/> lets be under way in any case.</summary>
    /// <value>3 by default; 0 or more.</value>
    public int RetryBudgetFloor { get; set; } = 3;

    /// <summary>Puts strategies of Polly's, or of your own, around each attempt: steps from the choice of a server to the head of its response. Called each
    /// time the configuration is put to use or checked, unless it is the same delegate as before: then what its strategies know stays. What such a strategy may repeat shares
    /// <see cref="Retries"/> with the backend's own, and one attempt is under way at a time; for hedging there is <see cref="Hedge"/>. HTTP mode only.</summary>
    /// <value>Null by default: nothing surrounds them.</value>
    public Action<Polly.ResiliencePipelineBuilder<UpstreamResult>>? Resilience { get; set; }

    /// <summary>When a request that is slow to be answered is sent to another server too. HTTP mode only.</summary>
    /// <value>Null by default: never.</value>
    public HedgeOptions? Hedge { get; set; }

    /// <summary>Whether a retry may go to another server. HAProxy: <c>option redispatch</c>.</summary>
    /// <value>True by default, unlike HAProxy: a server that refuses connections should cost the client nothing.</value>
    public bool Redispatch { get; set; } = true;

    /// <summary>Which retries may leave the server that a request is bound to, where <see cref="Redispatch"/> allows any to. A request that is bound
    /// to none leaves with each, as long as there are several servers and no hash has chosen. HAProxy: the argument of <c>option redispatch</c>.</summary>
    /// <value>-1 by default: the last one. 1 is each, 2 every second; -2 the last but one; not 0.</value>
    public int RedispatchInterval { get; set; } = -1;

    /// <summary>The cookie that brings a client back to the server it had. HTTP mode only. HAProxy: <c>cookie</c>.</summary>
    /// <value>Null by default: there is none.</value>
    public StickyCookieOptions? StickyCookie { get; set; }

    /// <summary>What the values of a cookie are made with that <see cref="StickyCookieOptions.IsDynamic"/>; the same on all gateways that are to
    /// make the same. HAProxy: <c>dynamic-cookie-key</c>.</summary>
    /// <value>Null by default.</value>
    public string? DynamicCookieKey { get; set; }

    /// <summary>Rules that send requests to a server whatever the balancing says; the first that holds, and whose server can be used, counts.
    /// HAProxy: <c>use-server</c>.</summary>
    public IList<UseServerRuleOptions> UseServerRules { get; } = [];

    /// <summary>Rules about tables that know which key belongs to which server. HAProxy: <c>stick on</c> and its like.</summary>
    public IList<StickRuleOptions> StickRules { get; } = [];

    /// <summary>Rules that make what binds clients to servers stronger, or take the cookie's force; the first that holds counts. HAProxy:
    /// <c>force-persist</c>, <c>ignore-persist</c>.</summary>
    public IList<PersistenceRuleOptions> PersistenceRules { get; } = [];

    /// <summary>Whether clients are sent to the server that they are bound to also while it is down. HAProxy: <c>option persist</c>.</summary>
    /// <value>False by default: they are bound anew.</value>
    public bool PersistsWhenDown { get; set; }

    /// <summary>In TCP mode, the remote desktop cookie that names a server's address. HAProxy: <c>persist rdp-cookie</c>.</summary>
    /// <value>Null by default: it is not looked at. HAProxy's usual one is <c>msts</c>.</value>
    public string? RdpCookie { get; set; }

    /// <summary>Whether a response is refused that caches may keep although it sets a cookie: the client gets a 502. HAProxy:
    /// <c>option checkcache</c>.</summary>
    /// <value>False by default.</value>
    public bool RefusesCacheableCookies { get; set; }

    /// <summary>Whether an exchange is given up when its client closes while waiting for the response. HAProxy: <c>option abortonclose</c>.</summary>
    /// <value>True by default.</value>
    public bool AbortOnClose { get; set; } = true;

    /// <summary>When requests of different clients may share server connections. HAProxy: <c>http-reuse</c>.</summary>
    /// <value><see cref="ConnectionReuse.Safe"/> by default.</value>
    public ConnectionReuse Reuse { get; set; } = ConnectionReuse.Safe;

    /// <summary>Whether server connections are closed after each response. HAProxy: <c>option http-server-close</c> in a backend.</summary>
    public bool CloseServerConnections { get; set; }

    /// <summary>Whether a client goes back to a server to which there is an idle connection that only this client uses
    /// (<see cref="ConnectionReuse.Never"/>), where no hash chooses. HTTP only. HAProxy: <c>option prefer-last-server</c>.</summary>
    /// <value>False by default; to a connection that it has authenticated a client goes back in any case.</value>
    public bool PrefersLastServer { get; set; }

    /// <summary>How many requests may wait for that server while it has no room for a client to go back to it all the same. HAProxy:
    /// <c>max-keep-alive-queue</c>.</summary>
    /// <value>Null by default: any number; 0 for none.</value>
    public int? MaxKeepAliveQueue { get; set; }

    /// <summary>Whether a server is not told that its connection is to be closed after the response: one that answers in chunks or with a length all the same
    /// may close later. HTTP only. HAProxy: <c>option http-pretend-keepalive</c>.</summary>
    /// <value>False by default.</value>
    public bool PretendsKeepAlive { get; set; }

    /// <summary>Whether these violations in responses are let pass, for servers that cannot be mended: NUL in the value of a field; lines among the fields that
    /// have no name, or one with other characters than names have: they are left out. What says where a message ends is read strictly all the same.
    /// HTTP only. HAProxy: <c>option accept-unsafe-violations-in-http-response</c>, which lets more pass.</summary>
    /// <value>False by default: clients get a 502.</value>
    public bool AcceptsUnsafeResponses { get; set; }

    /// <summary>Whether requests wait until their body is here, or the first 15 KiB of it, before the backend's rules for requests are asked; likewise
    /// limited by the frontend's <see cref="Frontends.FrontendOptions.RequestHeadTimeout"/>. HTTP only. HAProxy: <c>option http-buffer-request</c>.</summary>
    /// <value>False by default: a body goes to the server as it comes.</value>
    public bool BuffersRequests { get; set; }

    /// <summary>What is done, behind the rules for requests, with header fields whose names have other characters than letters, digits and hyphens.
    /// HTTP only. HAProxy: <c>option http-restrict-req-hdr-names</c>.</summary>
    /// <value><see cref="OddHeaderNames.Preserve"/> by default.</value>
    public OddHeaderNames OddHeaderNames { get; set; }

    /// <summary>Whether the header fields of requests are written as <see cref="ProxyOptions.HeaderNames"/> has them. HTTP only. HAProxy:
    /// <c>option h1-case-adjust-bogus-server</c>.</summary>
    /// <value>False by default: as the client wrote them, and the proxy's own in lower case.</value>
    public bool AdjustsHeaderCase { get; set; }

    /// <summary>Whether the fields behind the body of a request are kept from servers. HTTP only. HAProxy:
    /// <c>option http-drop-request-trailers</c>.</summary>
    /// <value>False by default.</value>
    public bool DropsRequestTrailers { get; set; }

    /// <summary>Whether a server in a tunnel (TCP mode, WebSocket, CONNECT) counts as silent although it is being sent something: only what it sends itself
    /// holds off <see cref="ServerTimeout"/>. HAProxy: <c>option independent-streams</c>.</summary>
    /// <value>False by default.</value>
    public bool HasIndependentDirections { get; set; }

    /// <summary>How the system finds out that silent servers are gone. HAProxy: <c>option srvtcpka</c>.</summary>
    /// <value>Null by default: it does not ask them.</value>
    public Transport.TcpKeepAliveOptions? TcpKeepAlive { get; set; }

    /// <summary>Whether connections to servers that are not kept behind a response or a tunnel are closed with a reset. What a server has not taken by then is lost. HAProxy:
    /// <c>option nolinger</c>.</summary>
    /// <value>False by default.</value>
    public bool ResetsConnections { get; set; }

    /// <summary>The name of the header field in which each server is told its own name, in the place of what the request has in it; HTTP only, and not
    /// together with <see cref="Hedge"/>. HAProxy: <c>http-send-name-header</c>.</summary>
    /// <value>Null, the default, for none.</value>
    public string? ServerNameHeader { get; set; }

    /// <summary>A field that tells servers the client's address; HTTP only. HAProxy: <c>option forwardfor</c>.</summary>
    /// <value>Null, the default, for none of the backend's own.</value>
    public AddressFieldOptions? ForwardedFor { get; set; }

    /// <summary>A field that tells servers the address that the client has connected to; HTTP only. HAProxy: <c>option originalto</c>.</summary>
    /// <value>Null, the default, for none of the backend's own.</value>
    public AddressFieldOptions? OriginalTo { get; set; }

    /// <summary>What the <c>Forwarded</c> field of RFC 7239 tells servers; HTTP only. HAProxy: <c>option forwarded</c>.</summary>
    /// <value>Null, the default, for no such field.</value>
    public ForwardedOptions? Forwarded { get; set; }
}
