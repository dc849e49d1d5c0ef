using ProxyKit.Authentication;
using ProxyKit.Backends;
using ProxyKit.Metering;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Replies;
using ProxyKit.Transport;

namespace ProxyKit.Frontends;

/// <summary>Where clients arrive, and what happens to what they send. HAProxy: <c>frontend</c>.</summary>
public sealed class FrontendOptions
{
    /// <summary>The name, for routes, logs and statistics; unique among frontends.</summary>
    public required string Name { get; init; }

    /// <summary>The number, unique among frontends and backends: <c>fe_id</c>. HAProxy: <c>id</c>.</summary>
    /// <value>Null by default: the position among them, frontends first, from 1, or the next number that is free. 1 or more.</value>
    public int? Id { get; set; }

    /// <summary>The number where <see cref="Id"/> says none and nobody else has this one; of several who prefer it the first has it, frontends before
    /// backends. HAProxy: the number that follows from the order of the file.</summary>
    /// <value>Null by default: as <see cref="Id"/> has it. 1 or more.</value>
    public int? PreferredId { get; set; }

    /// <summary>What clients speak. HTTP by default. HAProxy: <c>mode</c>.</summary>
    public ProxyMode Mode { get; set; } = ProxyMode.Http;

    /// <summary>The addresses to listen on; one at least.</summary>
    public IList<BindOptions> Binds { get; } = [];

    /// <summary>Which requests go where; the first one whose condition holds decides. In TCP mode it is connections that are asked about, once
    /// the content rules have let them pass. HAProxy: <c>use_backend</c>.</summary>
    public IList<RouteOptions> Routes { get; } = [];

    /// <summary>What clients and their requests are asked, and what is done then.</summary>
    public RuleSetOptions Rules { get; } = new();

    /// <summary>Who may come in, and what he may do. HTTP only.</summary>
    public AuthenticationOptions Authentication { get; } = new();

    /// <summary>Conditions by name, for the fetch <c>acl(name)</c>. HAProxy: <c>acl</c>.</summary>
    /// <remarks>What they name has to be there, also where nobody asks them.</remarks>
    public IDictionary<string, Condition> Acls { get; } = new Dictionary<string, Condition>(StringComparer.Ordinal);

    /// <summary>What clients get instead of the error pages that ProxyKit brings along; of several for a status the last one counts. HAProxy:
    /// <c>errorfile</c>, <c>errorloc</c>, <c>errorfiles</c>.</summary>
    public IList<ErrorPageOptions> ErrorPages { get; } = [];

    /// <summary>How long a client is kept waiting by a <c>tarpit</c> rule before it is refused. HAProxy: <c>timeout tarpit</c>.</summary>
    /// <value>Null by default: it is refused at once.</value>
    public TimeSpan? TarpitTimeout { get; set; }

    /// <summary>The backend of what no route takes; without one the client gets a 503, in TCP mode a closed connection.
    /// HAProxy: <c>default_backend</c>.</summary>
    public string? DefaultBackend { get; set; }

    /// <summary>The tiers of the clients: who they are, and how much they may have. Asked behind the rules of the frontend and before its routes. HTTP
    /// only.</summary>
    /// <value>Null by default: nobody's requests are counted. Else a name of <see cref="ProxyOptions.Tiers"/>.</value>
    public string? Tiers { get; set; }

    /// <summary>Which requests the tiers leave alone, as those by which clients get their tokens.</summary>
    /// <value>Null by default: none.</value>
    public Condition? TiersUnless { get; set; }

    /// <summary>The path at which a client is told, as JSON, what it has used and what is left, to GET and HEAD. Asking costs nothing.</summary>
    /// <value>Null by default: there is none. Else a path such as <c>/usage</c>.</value>
    public string? UsagePath { get; set; }

    /// <summary>A request for exactly this target is answered here: 200, or 503 while one of <see cref="MonitorFailures"/> holds. It is neither logged
    /// nor asked what other rules say. For those who want to know whether the proxy works. HTTP only. HAProxy: <c>monitor-uri</c>.</summary>
    /// <value>Null by default: no request is.</value>
    public string? MonitorTarget { get; set; }

    /// <summary>When the answer is that it does not. HAProxy: <c>monitor fail</c>.</summary>
    public IList<Condition> MonitorFailures { get; } = [];

    /// <summary>How many client connections this frontend serves at once. Beyond it it accepts none: clients wait in the kernel's queue.
    /// HAProxy: <c>maxconn</c>.</summary>
    /// <value>1 or more; null, the default, leaves it to <see cref="ProxyOptions.MaxConnections"/>.</value>
    public int? MaxConnections { get; set; }

    /// <summary>How many sessions may begin in a second. Beyond it no client is accepted until one more fits: they wait in the kernel's queue.
    /// HAProxy: <c>rate-limit sessions</c>.</summary>
    /// <value>1 or more; null, the default, for no limit.</value>
    public int? MaxSessionRate { get; set; }

    /// <summary>How many idle connections to servers are kept for one client connection alone: those that clients do not share
    /// (<see cref="ConnectionReuse.Never"/>), or that the client has authenticated. HTTP only. HAProxy: <c>max-session-srv-conns</c>.</summary>
    /// <value>5 by default; 0 keeps none.</value>
    public int MaxPrivateConnections { get; set; } = 5;

    /// <summary>How long a client may be inactive while it is its turn to send or to take what was sent.
    /// HAProxy: <c>timeout client</c>.</summary>
    /// <value>50 seconds by default, as HAProxy's own examples have it; null for no limit.</value>
    public TimeSpan? ClientTimeout { get; set; } = TimeSpan.FromSeconds(50);

    /// <summary>How long the head of a request may take from its first byte, and from the accept for the first one; then 408.
    /// HAProxy: <c>timeout http-request</c>.</summary>
    /// <value>10 seconds by default, enough for lost packets and too short for slow-head attacks; null leaves it to
    /// <see cref="ClientTimeout"/>.</value>
    public TimeSpan? RequestHeadTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a connection may wait for its next request; then it is closed without a word.
    /// HAProxy: <c>timeout http-keep-alive</c>.</summary>
    /// <value>60 seconds by default; null leaves it to <see cref="RequestHeadTimeout"/>.</value>
    public TimeSpan? KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a TLS handshake may take, together with a header of the PROXY protocol before it. HAProxy: <c>timeout client-hs</c>.</summary>
    /// <value>10 seconds by default; null leaves it to <see cref="ClientTimeout"/>.</value>
    public TimeSpan? HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Replaces <see cref="ClientTimeout"/> and the tunnel's limit once one direction is closed.
    /// HAProxy: <c>timeout client-fin</c>.</summary>
    /// <value>Null by default: nothing is replaced.</value>
    public TimeSpan? ClientFinTimeout { get; set; }

    /// <summary>Which header fields tell the server who the client was. None by default: requests pass unchanged.</summary>
    public ForwardedHeaders ForwardedHeaders { get; set; }

    /// <summary>Which connections are kept for further requests. HAProxy: <c>http-keep-alive</c>, <c>http-server-close</c>,
    /// <c>httpclose</c>.</summary>
    public ConnectionMode ConnectionMode { get; set; }

    /// <summary>Whether requests wait until their body is here, or the first 15 KiB of it, before rules for requests are asked; rules can look at it then.
    /// The wait is limited by <see cref="RequestHeadTimeout"/>; then 408. HTTP only. HAProxy: <c>option http-buffer-request</c>.</summary>
    /// <value>False by default: a body goes to the server as it comes.</value>
    public bool BuffersRequests { get; set; }

    /// <summary>What is done, behind the rules for requests, with header fields whose names have other characters than letters, digits and hyphens: programs
    /// behind a server that make variables of fields take <c>x_user</c> for <c>X-User</c>. HTTP only. HAProxy:
    /// <c>option http-restrict-req-hdr-names</c>.</summary>
    /// <value><see cref="OddHeaderNames.Preserve"/> by default.</value>
    public OddHeaderNames OddHeaderNames { get; set; }

    /// <summary>Whether the fields behind the body of a response are kept from the client. HTTP only. HAProxy:
    /// <c>option http-drop-response-trailers</c>.</summary>
    /// <value>False by default.</value>
    public bool DropsResponseTrailers { get; set; }

    /// <summary>Whether the header fields of responses are written as <see cref="ProxyOptions.HeaderNames"/> has them. HTTP only. HAProxy:
    /// <c>option h1-case-adjust-bogus-client</c>.</summary>
    /// <value>False by default: as the server wrote them, and the proxy's own in lower case.</value>
    public bool AdjustsHeaderCase { get; set; }

    /// <summary>Whether these violations in requests are let pass, for clients that cannot be mended: <c>#</c> and bytes that are not of ASCII in the target; NUL
    /// in the value of a field; lines among the fields that have no name, or one with other characters than names have: they are left out. What says
    /// where a message ends, and which host it is for, is read strictly all the same. HTTP only. HAProxy:
    /// <c>option accept-unsafe-violations-in-http-request</c>, which lets more pass.</summary>
    /// <value>False by default: they get a 400.</value>
    public bool AcceptsUnsafeRequests { get; set; }

    /// <summary>Whether a connection that ends before it has sent anything is closed without an answer, and neither logged nor counted as a request: browsers
    /// open some ahead of need, and monitors connect only. HTTP only. HAProxy: <c>option http-ignore-probes</c>.</summary>
    /// <value>False by default: one that sends nothing in time gets a 408.</value>
    public bool IgnoresProbes { get; set; }

    /// <summary>Whether clients are asked for credentials as a proxy asks, with 407 and <c>Proxy-Authorization</c>, where the target of their request is one for
    /// a proxy: it begins with neither <c>/</c> nor <c>*</c>. HTTP only. HAProxy: <c>option http-use-proxy-header</c>.</summary>
    /// <value>False by default.</value>
    public bool AuthenticatesAsProxy { get; set; }

    /// <summary>Whether connections that wait for their next request are left open when the proxy stops or the listener leaves, and close with the response
    /// to it, or when they have waited too long. A balancer in front that reuses connections then loses no request. HTTP only. HAProxy:
    /// <c>option idle-close-on-response</c>.</summary>
    /// <value>False by default: they close at once.</value>
    public bool KeepsIdleWhileDraining { get; set; }

    /// <summary>Whether a client in a tunnel (TCP mode, WebSocket, CONNECT) counts as silent although it is being sent something: only what it sends itself
    /// holds off <see cref="ClientTimeout"/>. HAProxy: <c>option independent-streams</c>.</summary>
    /// <value>False by default.</value>
    public bool HasIndependentDirections { get; set; }

    /// <summary>How the system finds out that silent clients are gone. HAProxy: <c>option clitcpka</c>.</summary>
    /// <value>Null by default: it does not ask them.</value>
    public Transport.TcpKeepAliveOptions? TcpKeepAlive { get; set; }

    /// <summary>Whether connections of clients are closed with a reset, for systems that run out of sockets or ports. What the client has not taken by then
    /// is lost. HAProxy: <c>option nolinger</c>.</summary>
    /// <value>False by default.</value>
    public bool ResetsConnections { get; set; }

    /// <summary>Whether what is used here is written down, where <see cref="ProxyOptions.Metering"/> says how. HTTP only: a frontend in TCP mode has
    /// to say no.</summary>
    /// <value>True by default.</value>
    public bool IsMetered { get; set; } = true;

    /// <summary>What is counted here besides the meters of <see cref="ProxyOptions.Metering"/>.</summary>
    public IList<MeterOptions> Meters { get; } = [];

    /// <summary>Whether each exchange or tunnel writes a line to the access log, in HAProxy's httplog or tcplog format.</summary>
    /// <value>True by default; the lines go to the logger category <c>ProxyKit.Access</c> at level Information.</value>
    public bool AccessLog { get; set; } = true;

    /// <summary>Whether only what went wrong has a line: requests that were sent again, or elsewhere; those that the proxy refused, that timed out or were
    /// broken off; and in HTTP mode those that got a 500 or above. HAProxy: <c>option dontlog-normal</c>.</summary>
    /// <value>False by default.</value>
    public bool LogsFailuresOnly { get; set; }

    /// <summary>Whether lines of what went wrong are written at level Error. HAProxy: <c>option log-separate-errors</c>.</summary>
    /// <value>False by default: all are written at level Information.</value>
    public bool RaisesFailures { get; set; }

    /// <summary>Whether a line is written as soon as the response begins, in TCP mode as soon as the server is connected to, for exchanges that take long. Times
    /// and bytes are those of that moment, and have a plus in front. HAProxy: <c>option logasap</c>.</summary>
    /// <value>False by default: a line is written at the end.</value>
    public bool LogsEarly { get; set; }

    /// <summary>At which steps lines are written, each with what is known by then. HAProxy: <c>log-steps</c>.</summary>
    /// <value>Null, the default, for one line, at the end or as <see cref="LogsEarly"/> says. <see cref="LogSteps.None"/> leaves those of rules alone:
    /// <see cref="RuleActions.Log"/>.</value>
    public LogSteps? LogSteps { get; set; }

    /// <summary>Which lines there are of connections on which the client sent nothing. HAProxy: <c>option dontlognull</c>.</summary>
    /// <value><see cref="EmptyConnectionLines.Late"/> by default: clients that go away before they have said anything have none.</value>
    public EmptyConnectionLines EmptyConnections { get; set; }

    /// <summary>What the lines of the access log say, in HAProxy's log-format; <see cref="AccessLogFormats"/> has the usual ones. HAProxy:
    /// <c>log-format</c>, <c>option httplog</c>.</summary>
    /// <value>Null, the default, for httplog, and tcplog in TCP mode.</value>
    public string? LogFormat { get; set; }

    /// <summary>What the lines say of connections that failed before there was a request, and of requests that were none. HAProxy:
    /// <c>error-log-format</c>.</summary>
    /// <value>Null, the default, for HAProxy's own lines: of connections, address, time, frontend and bind, and what went wrong. Of clients that went away
    /// before they had said anything there is a line with a format of one's own alone, unless <see cref="EmptyConnections"/> says otherwise.</value>
    public string? ErrorLogFormat { get; set; }

    /// <summary>How each exchange is named, for its server and its logs, in HAProxy's log-format: <c>%{+X}o%ci:%cp-%Ts-%rt</c>. At most
    /// 127 bytes of it are used. HAProxy: <c>unique-id-format</c>.</summary>
    /// <value>Null, the default, for no name.</value>
    public string? UniqueIdFormat { get; set; }

    /// <summary>The header field of the request that tells the server the name. HTTP only; needs <see cref="UniqueIdFormat"/>. HAProxy:
    /// <c>unique-id-header</c>.</summary>
    /// <value>Null, the default, for none.</value>
    public string? UniqueIdHeader { get; set; }

    /// <summary>The words that the expressions in <see cref="LogFormat"/>, <see cref="ErrorLogFormat"/> and <see cref="UniqueIdFormat"/> may use, and where the
    /// files are that they name.</summary>
    /// <value>Null, the default, for those that come with ProxyKit, and files as the process finds them.</value>
    public Rules.Expressions.RuleLanguage? FormatLanguage { get; set; }

    /// <summary>A field that tells servers the client's address, with more to say about it than <see cref="ForwardedHeaders"/> has; HTTP only.
    /// HAProxy: <c>option forwardfor</c>.</summary>
    /// <value>Null, the default, for none.</value>
    public Backends.AddressFieldOptions? ForwardedFor { get; set; }

    /// <summary>A field that tells servers the address that the client has connected to; HTTP only. HAProxy: <c>option originalto</c>.</summary>
    /// <value>Null, the default, for none.</value>
    public Backends.AddressFieldOptions? OriginalTo { get; set; }

    /// <summary>What is kept of requests and responses for the access log; none by default. HAProxy: <c>capture</c>,
    /// <c>declare capture</c>.</summary>
    public IList<Capture> Captures { get; } = [];
}

/// <summary>An address to listen on. HAProxy: <c>bind</c>.</summary>
public sealed class BindOptions
{
    /// <summary>The address: <c>*:8080</c> (all addresses, IPv4 and IPv6), <c>127.0.0.1:8080</c>, <c>[::1]:8080</c>, <c>:8080</c>,
    /// <c>unix@/run/gateway.sock</c>, <c>fd@3</c> (a listening socket inherited from the parent process). Port 0 takes a free one.</summary>
    public required string Address { get; init; }

    /// <summary>The name in logs; by default the position among the frontend's binds, from 1.</summary>
    public string? Name { get; set; }

    /// <summary>The number, unique in its frontend: <c>so_id</c>. HAProxy: <c>id</c> of <c>bind</c>.</summary>
    /// <value>Null by default: the position among the frontend's binds, from 1, or the next number that is free. 1 or more.</value>
    public int? Id { get; set; }

    /// <summary>TLS for this address; null, the default, for none.</summary>
    public Transport.Tls.BindTlsOptions? Tls { get; set; }

    /// <summary>Whether connections begin with a header of the PROXY protocol, version 1 or 2, before TLS: what it says of the client counts in the place
    /// of what the socket says. A connection that begins with anything else is closed. HAProxy: <c>accept-proxy</c>.</summary>
    /// <value>False by default. Whoever may send headers may name any address as the client's: see <see cref="TrustedSenders"/>.</value>
    public bool AcceptsProxyProtocol { get; set; }

    /// <summary>The number that connections begin with which a NetScaler makes (client-IP insertion, both forms), before a header of the PROXY protocol and
    /// TLS: the addresses that follow it count in the place of those of the socket. A connection that begins with anything else is closed. HAProxy:
    /// <c>accept-netscaler-cip</c>.</summary>
    /// <value>1 to 4294967295; null, the default, for connections that begin with no such header. Whoever may send one may name any address as the
    /// client's: see <see cref="TrustedSenders"/>.</value>
    public long? NetScalerMagic { get; set; }

    /// <summary>Who may send headers of the PROXY protocol, or of a NetScaler: networks such as <c>10.0.0.0/8</c> and <c>2001:db8::/32</c>, or addresses. Connections from
    /// elsewhere are closed where they have to begin with one. In a haproxy.cfg a <c>tcp-request connection reject</c> says it.</summary>
    /// <value>None by default: everybody may who can connect.</value>
    public IList<string> TrustedSenders { get; } = [];

    /// <summary>How many connections may wait in the kernel's queue. HAProxy: <c>backlog</c>.</summary>
    /// <value>1 or more; null, the default, takes the frontend's <see cref="FrontendOptions.MaxConnections"/>, else 1024.</value>
    public int? Backlog { get; set; }

    /// <summary>How many client connections of this address are served at once. Beyond it none is accepted here: clients wait in the kernel's
    /// queue. HAProxy: <c>maxconn</c> of <c>bind</c>.</summary>
    /// <value>1 or more; null, the default, leaves it to <see cref="FrontendOptions.MaxConnections"/>.</value>
    public int? MaxConnections { get; set; }

    /// <summary>The network interface that clients must come by, as in <c>eth1</c>; Linux only. HAProxy: <c>interface</c>.</summary>
    /// <value>Null by default: any.</value>
    public string? Interface { get; set; }

    /// <summary>Whether the address need not be this machine's, for connections that the network sends on although they are meant for other machines; where
    /// they were meant for is their destination. Linux only; needs the privilege to administer the network. Takes effect when the address is opened.
    /// HAProxy: <c>transparent</c>.</summary>
    /// <value>False by default.</value>
    public bool IsTransparent { get; set; }

    /// <summary>The permissions of a unix socket, which say who may connect. Not on Windows. Takes effect when the address is opened. HAProxy:
    /// <c>mode</c>.</summary>
    /// <value>Null by default: what the process's umask leaves. Nothing for other addresses.</value>
    public UnixFileMode? SocketMode { get; set; }

    /// <summary>The user of this machine whom a unix socket belongs to, by name or number; needs the privilege to give files away. A name
    /// has to be in <c>/etc/passwd</c>, a group's in <c>/etc/group</c>. Otherwise as <see cref="SocketMode"/>. HAProxy: <c>user</c>, <c>uid</c>.</summary>
    /// <value>Null by default: the one that the process runs as.</value>
    public string? SocketUser { get; set; }

    /// <summary>The group that it belongs to, likewise. HAProxy: <c>group</c>, <c>gid</c>.</summary>
    /// <value>Null by default: the one that the process runs in.</value>
    public string? SocketGroup { get; set; }

    /// <summary>Whether an IPv6 wildcard address leaves IPv4 alone. HAProxy: <c>v6only</c>.</summary>
    public bool IPv6Only { get; set; }

    /// <summary>What is kept of the first packet of each connection, for the fetch <c>fc_saved_syn</c>: by it the client's system can be told, say. HAProxy:
    /// <c>tcp-ss</c>.</summary>
    /// <value>Nothing by default. Linux alone can keep it: elsewhere the address cannot be opened.</value>
    public SavedPacket SavedPacket { get; set; }
}

/// <summary>A condition and the backend of the requests it holds for.</summary>
/// <param name="Condition">The condition.</param>
/// <param name="Backend">The backend's name; empty where <see cref="Name"/> tells it.</param>
public sealed record RouteOptions(Condition Condition, string Backend)
{
    /// <summary>Tells the backend's name from the request. A name that no backend has leads to <see cref="FrontendOptions.DefaultBackend"/>.
    /// HAProxy: <c>use_backend %[...]</c>.</summary>
    /// <value>Null by default: <see cref="Backend"/> it is.</value>
    public Expression? Name { get; init; }

    /// <summary>Where it was written, for messages: <c>gateway.cfg:12</c>. Null where nobody said.</summary>
    public string? Origin { get; init; }

    /// <summary>The route as a configuration file would have it, as far as its condition was written in the words of one.</summary>
    /// <returns>The text: <c>use_backend cart if { path_beg /cart }</c>.</returns>
    public override string ToString() =>
        $"use_backend {(Name is null ? RuleWords.Text(Backend) : RuleWords.Format(Name))}{RuleOptions.When(Condition == Match.Always ? null : Condition)}";
}
