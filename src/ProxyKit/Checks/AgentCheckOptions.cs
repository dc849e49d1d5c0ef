namespace ProxyKit.Checks;

/// <summary>A program beside the server that says how it is, and how much work it wants. HAProxy: <c>agent-check</c>.</summary>
public sealed class AgentCheckOptions
{
    /// <summary>The port that it listens on. HAProxy: <c>agent-port</c>.</summary>
    /// <value>1 to 65535.</value>
    public required int Port { get; set; }

    /// <summary>Its address: an IP address or a host's name without a port. HAProxy: <c>agent-addr</c>.</summary>
    /// <value>Null by default: the server's.</value>
    public string? Address { get; set; }

    /// <summary>The time from one question to the next, and how long an answer may take. HAProxy: <c>agent-inter</c>.</summary>
    /// <value>2 seconds by default; 1 ms to 24.8 days.</value>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>What it is sent first. HAProxy: <c>agent-send</c>.</summary>
    /// <value>Null by default: nothing.</value>
    public string? Send { get; set; }
}
