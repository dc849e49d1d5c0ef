using ProxyKit.Checks;
using ProxyKit.HAProxyConfig.Diagnostics;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What a server's line says about its health. Null stands for what was never said.</summary>
internal sealed class ServerHealthSettings
{
    public bool? IsChecked { get; set; }

    public TimeSpan? Interval { get; set; }

    public TimeSpan? FastInterval { get; set; }

    public TimeSpan? DownInterval { get; set; }

    public int? Rise { get; set; }

    public int? Fall { get; set; }

    public string? Address { get; set; }

    public int? Port { get; set; }

    public bool? UsesTls { get; set; }

    public string? HostName { get; set; }

    /// <summary>The first word of the line that is about the TLS of checks alone; null where none is.</summary>
    public (string Word, Place Place)? TlsWord { get; set; }

    /// <summary>HAProxy: <c>check-alpn</c>.</summary>
    public IReadOnlyList<string>? Protocols { get; set; }

    public bool? SendsProxyHeader { get; set; }

    /// <summary>HAProxy: <c>check-via-socks4</c>.</summary>
    public bool? GoesBySocks4 { get; set; }

    public bool? HasAgent { get; set; }

    public int? AgentPort { get; set; }

    public string? AgentAddress { get; set; }

    public TimeSpan? AgentInterval { get; set; }

    public string? AgentSend { get; set; }

    /// <summary>The <c>healthcheck</c> section in the place of what the backend says.</summary>
    public (string Name, Place Place)? Section { get; set; }

    public (string Name, Place Place)? Track { get; set; }

    /// <summary>What is observed, where it was said; null inside for nothing.</summary>
    public ObservedLayer? Observed { get; set; }

    public int? ErrorLimit { get; set; }

    public ErrorReaction? Reaction { get; set; }

    public InitialServerState? Initial { get; set; }

    public bool? IsDisabled { get; set; }

    public bool? CutsSessionsWhenDown { get; set; }

    public bool? CutsBackupSessionsWhenUp { get; set; }

    public ServerHealthSettings Copy()
    {
        var copy = (ServerHealthSettings)MemberwiseClone();
        copy.TlsWord = null; // of another line, which is for all servers
        return copy;
    }
}
