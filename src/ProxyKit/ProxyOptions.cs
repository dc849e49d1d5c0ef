using ProxyKit.Backends;
using ProxyKit.Checks;
using ProxyKit.Frontends;
using ProxyKit.Mailing;
using ProxyKit.Metering;
using ProxyKit.Resolvers;
using ProxyKit.Rules.Replies;
using ProxyKit.Rules.UserLists;
using ProxyKit.Rules.Variables;
using ProxyKit.StickTables;
using ProxyKit.Tiers;

namespace ProxyKit;

/// <summary>Everything a proxy is made of, as plain data. What the builder can say, these can say too.</summary>
public sealed class ProxyOptions
{
    /// <summary>Where clients arrive.</summary>
    public IList<FrontendOptions> Frontends { get; } = [];

    /// <summary>Where their requests go.</summary>
    public IList<BackendOptions> Backends { get; } = [];

    /// <summary>Counters by key, for rules. HAProxy: <c>stick-table</c>.</summary>
    public IList<StickTableOptions> StickTables { get; } = [];

    /// <summary>Nameservers that are asked while the proxy runs, for servers and rules. HAProxy: <c>resolvers</c>.</summary>
    public IList<ResolversOptions> Resolvers { get; } = [];

    /// <summary>Who takes mails about servers, for backends that name them. HAProxy: <c>mailers</c>.</summary>
    public IList<MailersOptions> Mailers { get; } = [];

    /// <summary>What clients may have, for frontends that name them.</summary>
    public IList<TiersOptions> Tiers { get; } = [];

    /// <summary>Names and passwords, for conditions. HAProxy: <c>userlist</c>.</summary>
    public IList<UserListOptions> UserLists { get; } = [];

    /// <summary>Error pages under a name, for whoever wants them. HAProxy: <c>http-errors</c>.</summary>
    public IList<ErrorSectionOptions> ErrorSections { get; } = [];

    /// <summary>What variables of the process are set to whenever a configuration is put to use, in this order. HAProxy: global <c>set-var</c>,
    /// <c>set-var-fmt</c>.</summary>
    public IList<ProcessVariableOptions> Variables { get; } = [];

    /// <summary>What is written down of who used how much.</summary>
    /// <value>Null by default: nothing.</value>
    public MeteringOptions? Metering { get; set; }

    /// <summary>How many client connections the proxy serves at once. Beyond it no connection is accepted: clients wait in the kernel's
    /// queue. HAProxy: global <c>maxconn</c>.</summary>
    /// <value>1 or more; null, the default, takes what the process's limit of descriptors allows, two to a connection.</value>
    public int? MaxConnections { get; set; }

    /// <summary>How many connections may be accepted in a second. Beyond it none is until one more fits: clients wait in the kernel's queue. HAProxy:
    /// global <c>maxconnrate</c>.</summary>
    /// <value>1 or more; null, the default, for no limit.</value>
    public int? MaxConnectionRate { get; set; }

    /// <summary>How many sessions may begin in a second, likewise: connections that rules for new connections refuse are none. HAProxy: global
    /// <c>maxsessrate</c>.</summary>
    /// <value>1 or more; null, the default, for no limit.</value>
    public int? MaxSessionRate { get; set; }

    /// <summary>How many client connections may be over TLS at once. Beyond it further ones are closed before their handshake. HAProxy: global
    /// <c>maxsslconn</c>, which counts connections to servers too.</summary>
    /// <value>1 or more; null, the default, for no limit but <see cref="MaxConnections"/>.</value>
    public int? MaxTlsConnections { get; set; }

    /// <summary>How many sessions may begin in a second at binds with TLS; beyond it clients of theirs wait in the kernel's queue. HAProxy: global
    /// <c>maxsslrate</c>.</summary>
    /// <value>1 or more; null, the default, for no limit.</value>
    public int? MaxTlsRate { get; set; }

    /// <summary>How names of header fields are written, as in <c>Content-Length</c>, for the frontends and backends that have it so: for programs of old that
    /// know a name in one case only. HAProxy: global <c>h1-case-adjust</c>, <c>h1-case-adjust-file</c>.</summary>
    public IList<string> HeaderNames { get; } = [];

    /// <summary>Which statuses of responses count as errors of clients in stick tables: numbers and ranges, as in <c>400-428,430-499</c>. HAProxy: global
    /// <c>http-err-codes</c>.</summary>
    /// <value>Null, the default, for 400 to 499. From 100 to 599.</value>
    public string? ErrorStatuses { get; set; }

    /// <summary>Which statuses count there as failures of servers. HAProxy: global <c>http-fail-codes</c>.</summary>
    /// <value>Null, the default, for 500 to 599 without 501 and 505. From 100 to 599.</value>
    public string? FailureStatuses { get; set; }

    /// <summary>Whether requests of HTTP/1.0 with GET, HEAD and DELETE may have a body. In HTTP/1.1 all may; programs of old do not look for one here, and take
    /// it for the next request: what a client hides in it gets past the rules. HAProxy: global <c>h1-accept-payload-with-any-method</c>.</summary>
    /// <value>False by default: such a request gets 413. True only where all servers read bodies of all methods.</value>
    public bool AcceptsBodyOfAnyMethod { get; set; }

    /// <summary>Whether connections, of clients and to servers, go on behind a message with both Content-Length and Transfer-Encoding. One is taken out and the
    /// other is what counts; who sends both may yet mean the wrong one (RFC 9112 §6.3). HAProxy: global
    /// <c>h1-do-not-close-on-insecure-transfer-encoding</c>.</summary>
    /// <value>False by default: they are closed. Behind chunks in HTTP/1.0 they always are.</value>
    public bool KeepsConnectionsOfBothLengths { get; set; }

    /// <summary>Whether clients whose own port is one for privileged programs, below 1024, are turned away before anything else, as rules for new
    /// connections may do. HAProxy: global <c>harden.reject-privileged-ports.tcp</c>.</summary>
    /// <value>False by default.</value>
    public bool RejectsPrivilegedPorts { get; set; }

    /// <summary>Whether headers of version 2 of the PROXY protocol that begin checks tell the check's own addresses, and no fields, as if a client came from
    /// there, rather than that the connection is the proxy's own (LOCAL): for servers that do not know that. HAProxy: global <c>pp2-never-send-local</c>.</summary>
    /// <value>False by default.</value>
    public bool NeverSendsLocalHeader { get; set; }

    /// <summary>What this proxy is called among others, where servers are told of their state (<see cref="HealthCheckOptions.SendState"/>). HAProxy: global
    /// <c>node</c>.</summary>
    /// <value>Null, the default, for the machine's name. Letters and digits of ASCII, dots, hyphens and underscores.</value>
    public string? NodeName { get; set; }

    /// <summary>How long exchanges and tunnels may take to end when the proxy stops, or their listener leaves the configuration; what
    /// is left then is closed. HAProxy: <c>hard-stop-after</c>.</summary>
    /// <value>30 seconds by default; from zero, which breaks them off at once, to 24.8 days. A haproxy.cfg read on its own that says nothing, or 0, has
    /// 24 days, as good as no limit, which is what HAProxy has then.</value>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>By how much of itself the time between two checks varies, up and down, so that checks of many proxies do not meet. HAProxy:
    /// <c>spread-checks</c>.</summary>
    /// <value>0 by default; 0 to 50 percent.</value>
    public int CheckSpreadPercent { get; set; }

    /// <summary>Over how long the first checks of all servers are spread at most. HAProxy: <c>max-spread-checks</c>.</summary>
    /// <value>Null by default: over the shortest interval.</value>
    public TimeSpan? MaxCheckStartSpread { get; set; }

    /// <summary>Whether checks may run programs. HAProxy: global <c>external-check</c>.</summary>
    /// <value>False by default: a configuration alone runs nothing.</value>
    public bool AllowsExternalChecks { get; set; }
}
