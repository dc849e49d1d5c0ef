namespace ProxyKit.Http;

/// <summary>Takes the value of a Host field apart.</summary>
internal static class HostName
{
    /// <summary>The host without its port, and without the brackets of an IPv6 address.</summary>
    public static string WithoutPort(string host)
    {
        if (host.StartsWith('['))
        {
            var end = host.IndexOf(']', StringComparison.Ordinal);
            return end < 0 ? host : host[1..end];
        }

        var colon = host.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? host : host[..colon];
    }
}
