using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ProxyKit.Conformance.Tls;

/// <summary>A proxy whose clients or servers speak TLS, with certificates of an authority of the test's own.</summary>
public abstract class TlsTest(Carrier carrier) : ProxyTest(carrier)
{
    private X509Certificate2? _certificate;

    protected TestAuthority Authority { get; } = new();

    /// <summary>The application protocols that an origin of <see cref="TlsOrigin"/> takes, the preferred one first; null where it takes no part in ALPN.</summary>
    protected IReadOnlyList<SslApplicationProtocol>? OriginProtocols { get; set; }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _certificate?.Dispose();
        Authority.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The proxy of <see cref="ProxyTest.Compose"/> with TLS towards the clients, or to the servers, or both.</summary>
    protected Task StartAsync(
        WireOrigin origin, bool client, bool server, string? certificate = null, ProxyMode mode = ProxyMode.Http, Action<BackendBuilder>? backend = null,
        IReadOnlyList<string>? protocols = null)
    {
        ArgumentNullException.ThrowIfNull(origin);
        return StartAsync(proxy => proxy
            .AddFrontend("public", f => f
                .Mode(mode)
                .Bind("127.0.0.1:0", bind => _ = client ? bind.Tls(certificate ?? Authority.Issue()) : bind)
                .DefaultBackend("web"))
            .AddBackend("web", b =>
            {
                b.Mode(mode).AddServer("s1", origin.Address, s => _ = server ? s.Tls(tls => (tls.CaPath, tls.ApplicationProtocols) = (Authority.CaPath, protocols)) : s);
                backend?.Invoke(b);
            }));
    }

    /// <summary>A client's connection, and the same encrypted.</summary>
    protected async Task<(WireClient Plain, WireClient Secure)> ConnectTlsAsync(SslClientAuthenticationOptions? options = null)
    {
        var plain = await ConnectAsync();
        return (plain, await plain.SecureAsync(options));
    }

    /// <summary>An origin that speaks TLS, with a certificate for these names; the script has the stream within, and the one below, too.</summary>
    protected WireOrigin TlsOrigin(Func<Wire, Wire, Task> converse, params string[] names)
    {
        _certificate = X509Certificate2.CreateFromPemFile(Authority.Issue(names));
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(_certificate, [Authority.Intermediate], offline: true),
            ApplicationProtocols = OriginProtocols is null ? null : [.. OriginProtocols],
        };
        return RawOrigin(async plain =>
        {
            try
            {
                await converse(await plain.SecureAsync(options), plain);
            }
            catch (System.Security.Authentication.AuthenticationException)
            {
                // The proxy would not have the certificate: what it makes of that is the test's to say.
            }
        });
    }

    /// <summary>Sends a body to where it comes back from, twice over the connection.</summary>
    protected static async Task PassTwiceAsync(WireClient client, byte[] bytes)
    {
        for (var i = 0; i < 2; i++)
        {
            await client.SendRawAsync($"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {bytes.Length}\r\n\r\n");
            var reading = client.ReadResponseAsync();
            await client.SendRawAsync(bytes);
            var response = await reading;
            Assert.True(bytes.AsSpan().SequenceEqual(response.Body));
        }
    }

    /// <summary>The same answer to every request on a connection, bodies being read and given back.</summary>
    protected static async Task EchoRequestsAsync(Wire wire)
    {
        ArgumentNullException.ThrowIfNull(wire);
        while (await WireMessage.ReadHeadAsync(wire, mayIdle: true) is { } request)
        {
            await request.ReadRequestBodyAsync(wire);
            await wire.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {request.Body.Length}\r\n\r\n");
            await wire.SendAsync(request.Body);
        }
    }
}
