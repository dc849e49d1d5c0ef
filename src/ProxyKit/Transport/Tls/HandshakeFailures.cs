namespace ProxyKit.Transport.Tls;

/// <summary>The names and texts of failures.</summary>
internal static class HandshakeFailures
{
    /// <summary>What an error of a transport is in a handshake.</summary>
    /// <param name="error">The error.</param>
    /// <param name="isLate">Whether it is because the time was up.</param>
    public static HandshakeFailure Of(TransportError error, bool isLate) => isLate ? HandshakeFailure.TimedOut : error switch
    {
        TransportError.Reset => HandshakeFailure.Closed,
        TransportError.TlsAuthority => HandshakeFailure.Authority,
        TransportError.TlsCertificate => HandshakeFailure.Certificate,
        TransportError.TlsHandshake => HandshakeFailure.Other,
        _ => HandshakeFailure.Broken,
    };

    /// <summary>The name in HAProxy's <c>fc_err_name</c>.</summary>
    public static string NameOf(HandshakeFailure failure) => failure switch
    {
        HandshakeFailure.None => "",
        HandshakeFailure.Closed => "SSL_EMPTY",
        HandshakeFailure.Broken => "SSL_ABORT",
        HandshakeFailure.TimedOut => "SSL_TIMEOUT",
        HandshakeFailure.TooMany => "SSL_TOO_MANY",
        HandshakeFailure.Authority => "SSL_CA_FAIL",
        HandshakeFailure.Certificate => "SSL_CRT_FAIL",
        _ => "SSL_HANDSHAKE",
    };

    /// <summary>The text, as operators know it from HAProxy's log.</summary>
    public static string TextOf(HandshakeFailure failure) => failure switch
    {
        HandshakeFailure.None => "Success",
        HandshakeFailure.Closed => "Connection closed during SSL handshake",
        HandshakeFailure.Broken => "Connection error during SSL handshake",
        HandshakeFailure.TimedOut => "Timeout during SSL handshake",
        HandshakeFailure.TooMany => "Too many SSL connections",
        HandshakeFailure.Authority => "SSL client CA chain cannot be verified",
        HandshakeFailure.Certificate => "SSL client certificate not trusted",
        _ => "SSL handshake failure",
    };
}
