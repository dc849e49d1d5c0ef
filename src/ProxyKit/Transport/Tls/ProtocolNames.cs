using System.Text;

namespace ProxyKit.Transport.Tls;

/// <summary>Names of application protocols, as ALPN has them (RFC 7301 section 3.1).</summary>
internal static class ProtocolNames
{
    /// <summary>What is wrong with them, as "Property: fault"; null when nothing is.</summary>
    public static string? FaultOf(IReadOnlyList<string>? names)
    {
        foreach (var name in names ?? [])
        {
            if (name is null || Encoding.UTF8.GetByteCount(name) is < 1 or > 255)
            {
                return $"ApplicationProtocols: \"{name}\" is not 1 to 255 bytes long.";
            }
        }

        return null;
    }
}
