namespace ProxyKit.HAProxyConfig.Addresses;

/// <summary>The address of a server, as options have it.</summary>
/// <param name="Host">A name, an IP address, or the path of a unix socket.</param>
/// <param name="Port">The port; 0 for a unix socket, and where it is the client's.</param>
/// <param name="IsName">Whether the host is a name to look up.</param>
/// <param name="PortOffset">What is added to the port that each client has connected to, where that is the server's.</param>
internal readonly record struct ServerAddress(string Host, int Port, bool IsName, int? PortOffset = null)
{
    public override string ToString()
    {
        if (Port == 0 && PortOffset is null)
        {
            return $"unix@{Host}";
        }

        var host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
        return PortOffset is null ? FormattableString.Invariant($"{host}:{Port}") : FormattableString.Invariant($"{host}:{PortOffset:+0;-0}");
    }
}
