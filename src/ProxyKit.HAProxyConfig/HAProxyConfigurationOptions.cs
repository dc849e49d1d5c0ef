using ProxyKit.Rules.Expressions;

namespace ProxyKit;

/// <summary>How haproxy.cfg files are read.</summary>
public sealed class HAProxyConfigurationOptions
{
    /// <summary>The environment that <c>"${NAME}"</c> and <c>.if defined(NAME)</c> see.</summary>
    /// <value>Null, the default, for the process's. <c>setenv</c> and the like change what the files see, never the process's own.</value>
    public IReadOnlyDictionary<string, string>? Environment { get; set; }

    /// <summary>The fetches and converters that expressions may use, and the actions of one's own that rules may.</summary>
    /// <value>Null, the default, for those that come with ProxyKit. Add your own to a <see cref="RuleLanguage"/>.</value>
    public RuleLanguage? Language { get; set; }

    /// <summary>What <c>.if feature(NAME)</c> finds, by HAProxy's names.</summary>
    /// <value>Null, the default, for what ProxyKit has of it.</value>
    public IReadOnlyCollection<string>? Features { get; set; }

    /// <summary>How servers are chosen where a backend says nothing.</summary>
    /// <value><see cref="ProxyKit.Balance.Random"/> by default, as in HAProxy since 3.3; files written for older versions may count on
    /// <see cref="ProxyKit.Balance.RoundRobin"/>.</value>
    public Balance DefaultBalance { get; set; } = Balance.Random();

    /// <summary>The name in <c>HAPROXY_LOCALPEER</c>. HAProxy: <c>-L</c>.</summary>
    /// <value>Null, the default, for the machine's name.</value>
    public string? LocalPeer { get; set; }

    /// <summary>Whether the names of servers are looked up when the files are read, as <c>init-addr</c> says; one that nobody knows is an error.</summary>
    /// <value>True by default. Without it names are first looked up when a server is connected to.</value>
    public bool ResolveNames { get; set; } = true;

    /// <summary>Whether the certificates of servers are verified where neither their lines nor <c>ssl-server-verify</c> say. HAProxy: off with
    /// <c>-dV</c>.</summary>
    /// <value>True by default.</value>
    public bool VerifiesServers { get; set; } = true;

    /// <summary>Whether a warning is reason enough to refuse the configuration. HAProxy: <c>-dW</c>, <c>zero-warning</c>.</summary>
    /// <value>False by default.</value>
    public bool RefusesWarnings { get; set; }

    /// <summary>Whether <c>.diag</c> lines say what they say. HAProxy: <c>-dD</c>.</summary>
    /// <value>False by default.</value>
    public bool ShowsDiagnostics { get; set; }
}
