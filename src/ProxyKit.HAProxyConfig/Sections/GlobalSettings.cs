using ProxyKit.Resolvers;
using ProxyKit.Rules.Variables;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What the <c>global</c> sections say; they are one.</summary>
internal sealed class GlobalSettings
{
    public int? MaxConnections { get; set; }

    /// <summary>HAProxy: <c>maxconnrate</c>.</summary>
    public int? MaxConnectionRate { get; set; }

    /// <summary>HAProxy: <c>maxsessrate</c>.</summary>
    public int? MaxSessionRate { get; set; }

    /// <summary>HAProxy: <c>maxsslconn</c>.</summary>
    public int? MaxTlsConnections { get; set; }

    /// <summary>HAProxy: <c>maxsslrate</c>.</summary>
    public int? MaxTlsRate { get; set; }

    /// <summary>HAProxy: <c>http-err-codes</c>.</summary>
    public StatusList ErrorStatuses { get; } = new(Enumerable.Range(400, 100));

    /// <summary>HAProxy: <c>http-fail-codes</c>.</summary>
    public StatusList FailureStatuses { get; } = new(Enumerable.Range(500, 100).Except([501, 505]));

    /// <summary>HAProxy: <c>hard-stop-after</c>, where neither null nor zero is a limit.</summary>
    public TimeSpan? HardStopAfter { get; set; }

    /// <summary>Whether servers' certificates are verified unless their lines say otherwise. HAProxy: <c>ssl-server-verify</c>.</summary>
    public bool VerifiesServers { get; set; } = true;

    /// <summary>Whether a warning is reason enough to refuse the configuration. HAProxy: <c>zero-warning</c>.</summary>
    public bool RefusesWarnings { get; set; }

    /// <summary>Where certificates lie whose path is relative. HAProxy: <c>crt-base</c>.</summary>
    public string? CertificateDirectory { get; set; }

    /// <summary>Where private keys lie whose path is relative. HAProxy: <c>key-base</c>.</summary>
    public string? KeyDirectory { get; set; }

    /// <summary>How many counters of stick tables an exchange has. HAProxy: <c>tune.stick-counters</c>.</summary>
    public int StickCounters { get; set; } = 3;

    /// <summary>Where authorities lie whose path is relative. HAProxy: <c>ca-base</c>.</summary>
    public string? AuthorityDirectory { get; set; }

    /// <summary>Where chains are of certificates that come without. HAProxy: <c>issuers-chain-path</c>.</summary>
    public string? IssuersDirectory { get; set; }

    /// <summary>Whether answers of OCSP responders go with certificates that do not say otherwise. HAProxy: <c>ocsp-update.mode</c>.</summary>
    public bool StaplesOcsp { get; set; }

    /// <summary>Whether they go with none, whatever these say. HAProxy: <c>ocsp-update.disable</c>.</summary>
    public bool StaplesNoOcsp { get; set; }

    /// <summary>How much is kept of what clients of TLS say first; null for nothing. HAProxy: <c>tune.ssl.capture-buffer-size</c>.</summary>
    public int? CapturedHelloBytes { get; set; }

    /// <summary>What all binds say about TLS that do not say otherwise. HAProxy: <c>ssl-default-bind-options</c> and its kin.</summary>
    public TlsSettings BindTls { get; } = new();

    /// <summary>Likewise, servers. HAProxy: <c>ssl-default-server-options</c> and its kin.</summary>
    public TlsSettings ServerTls { get; } = new();

    /// <summary>By how many percent the time between two checks varies. HAProxy: <c>spread-checks</c>.</summary>
    public int CheckSpread { get; set; }

    /// <summary>HAProxy: <c>max-spread-checks</c>.</summary>
    public TimeSpan? MaxCheckSpread { get; set; }

    /// <summary>HAProxy: <c>dns-accept-family</c>.</summary>
    public AcceptedAddresses AcceptedAddresses { get; set; }

    /// <summary>HAProxy: <c>h1-accept-payload-with-any-method</c>.</summary>
    public bool AcceptsBodyOfAnyMethod { get; set; }

    /// <summary>HAProxy: <c>h1-do-not-close-on-insecure-transfer-encoding</c>.</summary>
    public bool KeepsConnectionsOfBothLengths { get; set; }

    /// <summary>HAProxy: <c>harden.reject-privileged-ports.tcp</c>.</summary>
    public bool RejectsPrivilegedPorts { get; set; }

    /// <summary>HAProxy: <c>pp2-never-send-local</c>.</summary>
    public bool NeverSendsLocalHeader { get; set; }

    /// <summary>HAProxy: <c>node</c>.</summary>
    public string? NodeName { get; set; }

    /// <summary>Whether checks may run programs. HAProxy: <c>external-check</c>.</summary>
    public bool AllowsExternalChecks { get; set; }

    /// <summary>How names of header fields are written. HAProxy: <c>h1-case-adjust</c>.</summary>
    public List<string> HeaderNames { get; } = [];

    /// <summary>What binds say of unix sockets that do not say otherwise. HAProxy: <c>unix-bind</c>.</summary>
    public UnixSocketSettings Unix { get; } = new();

    /// <summary>What variables begin with. HAProxy: <c>set-var</c>, <c>set-var-fmt</c>.</summary>
    public List<ProcessVariableOptions> Variables { get; } = [];

    /// <summary>Where proxies log that say <c>log global</c>.</summary>
    public List<LogTarget> Logs { get; } = [];
}
