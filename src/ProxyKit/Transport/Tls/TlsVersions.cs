using System.Security.Authentication;

namespace ProxyKit.Transport.Tls;

/// <summary>The versions of TLS that may be asked for.</summary>
internal static class TlsVersions
{
    /// <summary>What is wrong with a minimum and a maximum; null when nothing is.</summary>
    public static string? FaultOf(SslProtocols? minimum, SslProtocols? maximum)
    {
        if (minimum is not (null or SslProtocols.Tls12 or SslProtocols.Tls13))
        {
            return $"MinimumProtocol: {minimum} is out of range ({SslProtocols.Tls12} or {SslProtocols.Tls13}).";
        }

        if (maximum is not (null or SslProtocols.Tls12 or SslProtocols.Tls13))
        {
            return $"MaximumProtocol: {maximum} is out of range ({SslProtocols.Tls12} or {SslProtocols.Tls13}).";
        }

        return minimum > maximum ? $"MaximumProtocol: {maximum} is older than the minimum, {minimum}." : null;
    }

    /// <summary>The minimum, the maximum and all between them.</summary>
    public static SslProtocols Between(SslProtocols minimum, SslProtocols? maximum) =>
        minimum == SslProtocols.Tls13 || maximum == SslProtocols.Tls12 ? minimum : minimum | SslProtocols.Tls13;
}
