using ProxyKit.Backends;
using ProxyKit.HAProxyConfig.Diagnostics;
using ProxyKit.Resolvers;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What follows a server's address, and what <c>default-server</c> says in its place. Null stands for what was never said.</summary>
internal sealed class ServerSettings
{
    public int? Weight { get; set; }

    public bool? IsBackup { get; set; }

    public int? Id { get; set; }

    public string? Guid { get; set; }

    public ServerHashKey? HashKey { get; set; }

    /// <summary>In whole seconds; zero for none.</summary>
    public TimeSpan? SlowStart { get; set; }

    /// <summary>HAProxy: <c>source</c>; empty for any address.</summary>
    public string? Source { get; set; }

    /// <summary>HAProxy: <c>interface</c>.</summary>
    public string? Interface { get; set; }

    /// <summary>HAProxy: <c>socks4</c>.</summary>
    public string? Socks4Proxy { get; set; }

    /// <summary>HAProxy: <c>redir</c>.</summary>
    public string? RedirectPrefix { get; set; }

    public string? Cookie { get; set; }

    public bool? IsNonStick { get; set; }

    public bool? IsSecure { get; set; }

    /// <summary>The first word of the line itself that is about TLS, but for <c>ssl</c>; null where only <c>default-server</c> has any.</summary>
    public (string Word, Place Place)? TlsWord { get; set; }

    /// <summary>HAProxy: <c>verify</c>.</summary>
    public bool? Verifies { get; set; }

    public (string Path, Place Place)? Authority { get; set; }

    /// <summary>HAProxy: <c>crl-file</c>.</summary>
    public string? RevocationPath { get; set; }

    /// <summary>HAProxy: <c>crt</c>.</summary>
    public string? CertificatePath { get; set; }

    /// <summary>The name that is sent, where it is always the same. HAProxy: <c>sni str(name)</c>.</summary>
    public string? ServerName { get; set; }

    /// <summary>What gives the name that is sent, where that is another one for each request. HAProxy: <c>sni</c>.</summary>
    public Expression? ServerNameExpression { get; set; }

    /// <summary>Whether no name is sent. HAProxy: <c>no-sni-auto</c>.</summary>
    public bool? HasNoAutomaticName { get; set; }

    /// <summary>HAProxy: <c>renegotiate</c>, <c>no-renegotiate</c>.</summary>
    public bool? AllowsRenegotiation { get; set; }

    /// <summary>HAProxy: <c>verifyhost</c>.</summary>
    public string? VerifiedName { get; set; }

    /// <summary>HAProxy: <c>alpn</c>; empty for <c>no-alpn</c>.</summary>
    public IReadOnlyList<string>? Protocols { get; set; }

    /// <summary>What it says about versions, ciphers and sessions of TLS.</summary>
    public TlsSettings Tls { get; private set; } = new();

    /// <summary>The header of the PROXY protocol that it gets. HAProxy: <c>send-proxy</c>, <c>send-proxy-v2</c>.</summary>
    public ServerProxySettings Proxy { get; private set; } = new();

    public int? MaxConnections { get; set; }

    public int? MinConnections { get; set; }

    public int? MaxQueue { get; set; }

    /// <summary>HAProxy: <c>strict-maxconn</c>.</summary>
    public bool? LimitsSockets { get; set; }

    /// <summary>HAProxy: <c>pool-conn-name</c>.</summary>
    public Expression? PoolName { get; set; }

    public int? MaxIdleConnections { get; set; }

    public TimeSpan? IdlePurgeInterval { get; set; }

    public int? MaxReuse { get; set; }

    /// <summary>HAProxy: <c>init-addr</c>; whether a name that nothing is known of is no reason not to start.</summary>
    public IReadOnlyList<string>? InitialAddress { get; set; }

    /// <summary>The resolvers that it is looked up by.</summary>
    public (string Name, Place Place)? Resolvers { get; set; }

    /// <summary>HAProxy: <c>resolve-prefer</c>.</summary>
    public AddressPreference? ResolvePreference { get; set; }

    /// <summary>HAProxy: <c>resolve-net</c>.</summary>
    public IReadOnlyList<string> ResolveNetworks { get; set; } = [];

    /// <summary>HAProxy: <c>resolve-opts allow-dup-ip</c>.</summary>
    public bool? AllowsSameAddress { get; set; }

    /// <summary>HAProxy: <c>resolve-opts ignore-weight</c>.</summary>
    public bool? IgnoresResolvedWeight { get; set; }

    /// <summary>What it says about the server's health.</summary>
    public ServerHealthSettings Health { get; private set; } = new();

    public ServerSettings Copy()
    {
        var copy = (ServerSettings)MemberwiseClone();
        copy.Health = Health.Copy();
        copy.Proxy = Proxy.Copy();
        copy.Tls = Tls.Copy();
        copy.TlsWord = null; // of another line, or told of already
        return copy;
    }
}
