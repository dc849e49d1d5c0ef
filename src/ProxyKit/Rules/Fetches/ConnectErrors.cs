using ProxyKit.Transport;

namespace ProxyKit.Rules.Fetches;

/// <summary>What came of connecting to a server, in HAProxy's numbers and names for errors of connections.</summary>
internal static class ConnectErrors
{
    /// <summary>The number in <c>bc_err</c>. A time that was over is no error of the connection.</summary>
    public static int NumberOf(TransportError error) => error switch
    {
        TransportError.None or TransportError.TimedOut or TransportError.Aborted => 0,
        TransportError.TlsHandshake or TransportError.TlsCertificate => 34, // 30 and 31 are about certificates of clients
        TransportError.Refused => 47,
        TransportError.Reset => 48,
        TransportError.Unreachable => 49,
        TransportError.ResourceExhausted => 56,
        _ => 6,
    };

    /// <summary>The name in <c>bc_err_name</c>.</summary>
    public static ReadOnlySpan<byte> NameOf(TransportError error) => NumberOf(error) switch
    {
        0 => default,
        34 => "SSL_HANDSHAKE"u8,
        47 => "EREFUSED"u8,
        48 => "ERESET"u8,
        49 => "EUNREACH"u8,
        56 => "ENOBUFS"u8,
        _ => "SOCK_ERR"u8,
    };

    /// <summary>The sentence in <c>bc_err_str</c>.</summary>
    public static ReadOnlySpan<byte> TextOf(TransportError error) => NumberOf(error) switch
    {
        0 => "Success"u8,
        34 => "SSL handshake failure"u8,
        47 => "Connection refused"u8,
        48 => "Connection reset"u8,
        49 => "Host or network unreachable"u8,
        56 => "No descriptor, port or buffer left"u8,
        _ => "Socket error"u8,
    };
}
