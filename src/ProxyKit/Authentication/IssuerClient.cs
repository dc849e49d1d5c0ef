namespace ProxyKit.Authentication;

/// <summary>How issuers are asked: their certificates are verified, and what they say is bounded.</summary>
internal static class IssuerClient
{
    /// <param name="mostBytes">How much an answer may be.</param>
    public static HttpClient Create(int mostBytes) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, // a redirect could lead away from TLS, or to where nobody meant
        UseCookies = false,
        MaxResponseHeadersLength = 32,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), // so that a change of the name's address is seen
    })
    {
        MaxResponseContentBufferSize = mostBytes,
        Timeout = System.Threading.Timeout.InfiniteTimeSpan, // whoever asks has a limit on the proxy's clock
    };
}
