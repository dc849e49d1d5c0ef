namespace ProxyKit.Checks;

/// <summary>What a check of a backend's servers does.</summary>
public sealed class HealthCheckOptions
{
    /// <summary>Its kind; by default a connection is made, with TLS where the server has it.</summary>
    public HealthCheckKind Kind { get; set; }

    /// <summary>What is sent and expected, in its order, for <see cref="HealthCheckKind.Http"/> and <see cref="HealthCheckKind.Script"/>. HAProxy:
    /// <c>http-check</c>, <c>tcp-check</c>.</summary>
    /// <value>Without any, a script connects, and HTTP asks for <c>OPTIONS /</c> and expects a status of 200 to 399.</value>
    public IList<CheckStep> Steps { get; } = [];

    /// <summary>Whether <see cref="HealthCheckKind.Http"/> sends a request where no step is one. Without any, it does no more than what its steps say:
    /// a check that only expects waits for a server that speaks first.</summary>
    /// <value>True by default.</value>
    public bool SendsRequest { get; set; } = true;

    /// <summary>Whether a status 404 says that the server works and wants no new clients, whatever is expected. HAProxy:
    /// <c>http-check disable-on-404</c>.</summary>
    public bool DisableOn404 { get; set; }

    /// <summary>Whether the server is told its own state, in the field <c>X-Haproxy-Server-State</c>. HAProxy: <c>http-check send-state</c>.</summary>
    public bool SendState { get; set; }

    /// <summary>The user that a database is asked for. HAProxy: <c>user</c> of <c>mysql-check</c> and <c>pgsql-check</c>.</summary>
    /// <value>Null by default; needed for <see cref="HealthCheckKind.PostgreSql"/>.</value>
    public string? User { get; set; }

    /// <summary>Whether MySQL is logged in to as its servers before 4.1 had it. HAProxy: <c>pre-41</c>.</summary>
    public bool UsesOldLogin { get; set; }

    /// <summary>How a mail server is greeted. HAProxy: <c>option smtpchk</c>.</summary>
    public string Greeting { get; set; } = "HELO localhost";

    /// <summary>Your own check, for <see cref="HealthCheckKind.Custom"/>.</summary>
    public IServerCheck? Custom { get; set; }

    /// <summary>The program to run, for <see cref="HealthCheckKind.External"/>. HAProxy: <c>external-check command</c>.</summary>
    public string? Command { get; set; }

    /// <summary>Its <c>PATH</c>. HAProxy: <c>external-check path</c>.</summary>
    /// <value>Null by default: an empty one.</value>
    public string? CommandPath { get; set; }
}

/// <summary>Kinds of checks.</summary>
public enum HealthCheckKind
{
    /// <summary>A connection is made, with TLS where the server has it.</summary>
    Connect,

    /// <summary>HTTP/1 is spoken. HAProxy: <c>option httpchk</c>.</summary>
    Http,

    /// <summary>Bytes are sent and expected. HAProxy: <c>option tcp-check</c>.</summary>
    Script,

    /// <summary>A TLS greeting is sent; any answer to it will do, and nothing is verified. HAProxy: <c>option ssl-hello-chk</c>.</summary>
    TlsHello,

    /// <summary>A mail server. HAProxy: <c>option smtpchk</c>.</summary>
    Smtp,

    /// <summary>A MySQL server. HAProxy: <c>option mysql-check</c>.</summary>
    MySql,

    /// <summary>A PostgreSQL server. HAProxy: <c>option pgsql-check</c>.</summary>
    PostgreSql,

    /// <summary>A Redis server. HAProxy: <c>option redis-check</c>.</summary>
    Redis,

    /// <summary>A directory server (LDAP version 3). HAProxy: <c>option ldap-check</c>.</summary>
    Ldap,

    /// <summary>An agent that speaks SPOP 2.0, the protocol of HAProxy's stream processing offload. HAProxy: <c>option spop-check</c>.</summary>
    Spop,

    /// <summary>A program is run; only where <see cref="ProxyOptions.AllowsExternalChecks"/> says so. HAProxy: <c>option external-check</c>.</summary>
    External,

    /// <summary>Your own code.</summary>
    Custom,
}
