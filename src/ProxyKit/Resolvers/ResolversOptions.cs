namespace ProxyKit.Resolvers;

/// <summary>Nameservers that are asked for the addresses of servers, and of whatever rules want to know, while the proxy runs. HAProxy:
/// <c>resolvers</c>.</summary>
/// <remarks>All nameservers are asked at once, and the first that knows has answered. What they say of how long an answer lives is not heeded: the
/// times below are.</remarks>
public sealed class ResolversOptions
{
    /// <summary>The name, for the servers and rules that use it; unique among groups of resolvers.</summary>
    public required string Name { get; init; }

    /// <summary>Who is asked. HAProxy: <c>nameserver</c>.</summary>
    public IList<NameserverOptions> Nameservers { get; } = [];

    /// <summary>A file in the form of <c>/etc/resolv.conf</c> whose nameservers are asked too. It is read when the configuration is put to use. HAProxy:
    /// <c>parse-resolv-conf</c>, which means <c>/etc/resolv.conf</c>.</summary>
    /// <value>Null by default: none.</value>
    public string? ResolvConfPath { get; set; }

    /// <summary>Which addresses are asked for and taken. HAProxy: <c>dns-accept-family</c>, which is about all groups.</summary>
    /// <value>All by default: what a server or a rule prefers comes first. Where it is one kind, preferring the other is of no matter.</value>
    public AcceptedAddresses Accepts { get; set; }

    /// <summary>How often a question is asked while nobody answers it. HAProxy: <c>resolve_retries</c>.</summary>
    /// <value>3 by default; 1 to 100.</value>
    public int Attempts { get; set; } = 3;

    /// <summary>How long after an answer the addresses of servers are asked for again. HAProxy: <c>timeout resolve</c>.</summary>
    /// <value>1 second by default; more than zero.</value>
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an answer is waited for before the question is asked again. HAProxy: <c>timeout retry</c>.</summary>
    /// <value>1 second by default; more than zero.</value>
    public TimeSpan RetryTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a valid answer is good enough for rules that ask the same again. HAProxy: <c>hold valid</c>.</summary>
    /// <value>10 seconds by default; zero or more.</value>
    public TimeSpan HoldValid { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long an address, or a server of an SRV record, stays in use that answers do not list any more. HAProxy: <c>hold obsolete</c>.</summary>
    /// <value>Zero by default; zero or more.</value>
    public TimeSpan HoldObsolete { get; set; }

    /// <summary>How long after the last valid answer a server stays in use whose name does not exist any more. HAProxy: <c>hold nx</c>.</summary>
    /// <value>30 seconds by default; zero or more.</value>
    public TimeSpan HoldNotFound { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The same where nameservers refuse to answer. HAProxy: <c>hold refused</c>.</summary>
    /// <value>30 seconds by default; zero or more.</value>
    public TimeSpan HoldRefused { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The same where they do not answer at all. HAProxy: <c>hold timeout</c>.</summary>
    /// <value>30 seconds by default; zero or more.</value>
    public TimeSpan HoldTimedOut { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The same for whatever else is no valid answer. HAProxy: <c>hold other</c>.</summary>
    /// <value>30 seconds by default; zero or more.</value>
    public TimeSpan HoldOther { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How large an answer over UDP nameservers are told they may send (RFC 6891). One that does not fit comes over TCP. HAProxy:
    /// <c>accepted_payload_size</c>.</summary>
    /// <value>512 bytes by default; 512 to 65535.</value>
    public int MaxPayloadBytes { get; set; } = 512;
}
