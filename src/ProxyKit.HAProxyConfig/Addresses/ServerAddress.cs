namespace ProxyKit.HAProxyConfig.Addresses;

/// <summary>The address of a server, as options have it.</summary>
/// <param name="Host">A name, an IP address, or the path of a unix socket.</param>
/// <param name="Port">The port; 0 for a unix socket.</param>
/// <param name="IsName">Whether the host is a name to look up.</param>
internal readonly record struct ServerAddress(string Host, int Port, bool IsName)
{
    public override string ToString() => Port == 0
        ? $"unix@{Host}"
        : FormattableString.Invariant($"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");
}
