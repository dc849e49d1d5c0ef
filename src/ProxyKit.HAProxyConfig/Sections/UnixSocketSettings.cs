namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What is said of unix sockets that are listened on.</summary>
internal sealed class UnixSocketSettings
{
    /// <summary>What their addresses begin with in options.</summary>
    public const string Scheme = "unix@";

    /// <summary>What stands in front of all their paths; null for nothing. HAProxy: <c>unix-bind prefix</c>.</summary>
    public string? Prefix { get; set; }

    /// <summary>None for as the system makes them, whatever <c>unix-bind</c> says; null where nothing is said.</summary>
    public UnixFileMode? Mode { get; set; }

    /// <summary>A name or a number, as is the next one.</summary>
    public string? User { get; set; }

    public string? Group { get; set; }
}
