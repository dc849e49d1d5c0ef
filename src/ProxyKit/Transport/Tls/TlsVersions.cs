using System.Security.Authentication;

namespace ProxyKit.Transport.Tls;

/// <summary>The versions of TLS that may be asked for.</summary>
internal static class TlsVersions
{
    /// <summary>What is wrong with a minimum; null when nothing is.</summary>
    public static string? FaultOf(SslProtocols minimum) => minimum is SslProtocols.Tls12 or SslProtocols.Tls13
        ? null
        : $"MinimumProtocol: {minimum} is out of range ({SslProtocols.Tls12} or {SslProtocols.Tls13}).";

    /// <summary>The minimum and all that is newer.</summary>
    public static SslProtocols From(SslProtocols minimum) => minimum == SslProtocols.Tls13 ? minimum : minimum | SslProtocols.Tls13;
}
