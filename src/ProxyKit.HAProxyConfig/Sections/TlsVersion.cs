using System.Security.Authentication;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>Reads versions of TLS.</summary>
internal static class TlsVersion
{
    /// <summary>The version of an argument; null, and an alert, where ProxyKit does not speak it.</summary>
    public static SslProtocols? Read(Statement s, string name, int index)
    {
        switch (s[index])
        {
            case "TLSv1.2":
                return SslProtocols.Tls12;
            case "TLSv1.3":
                return SslProtocols.Tls13;
            case "SSLv3" or "TLSv1.0" or "TLSv1.1":
                s.Alert(index, $"'{s[index]}' is not supported: it is broken. The oldest version here is 'TLSv1.2'.");
                return null;
            default:
                s.Alert(index, $"'{name}' expects 'TLSv1.2' or 'TLSv1.3' (got '{s[index]}').");
                return null;
        }
    }
}
