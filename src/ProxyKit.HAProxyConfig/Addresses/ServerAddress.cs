namespace ProxyKit.HAProxyConfig.Addresses;

/// <summary>The address of a server, as options have it.</summary>
/// <param name="Host">A name, an IP address, or the path of a unix socket.</param>
/// <param name="Port">The port; 0 for a unix socket, and where it is the client's.</param>
/// <param name="IsName">Whether the host is a name to look up.</param>
/// <param name="PortOffset">What is added to the port that each client has connected to, where that is the server's.</param>
internal readonly record struct ServerAddress(string Host, int Port, bool IsName, int? PortOffset = null)
{
    /// <summary>The address that a name had when the configuration was read; null where it is not known.</summary>
    public string? First { get; init; }

    /// <summary>Whether it is the name of a service, whose records tell hosts and ports.</summary>
    public bool IsService => IsName && Host[0] == '_';

    public override string ToString()
    {
        if (Port == 0 && PortOffset is null)
        {
            return IsName ? Host : $"unix@{Host}";
        }

        var host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
        return PortOffset is null ? FormattableString.Invariant($"{host}:{Port}") : FormattableString.Invariant($"{host}:{PortOffset:+0;-0}");
    }
}
