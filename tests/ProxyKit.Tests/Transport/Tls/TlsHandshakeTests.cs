using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ProxyKit.Testing;
using ProxyKit.Testing.InMemory;
using ProxyKit.Transport;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Tests.Transport.Tls;

public sealed class TlsHandshakeTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly LeakCheckingBufferPool _pool = new();
    private TlsServerContext? _context;

    public void Dispose()
    {
        _authority.Dispose();
        _pool.AssertNothingRented();
    }

    [Fact]
    public async Task Server_sends_its_whole_chain()
    {
        var chain = new List<string>();
        var (client, server) = InMemoryTransport.MakePair();
        var accepting = AcceptAsync(server, new BindTlsOptions { CertificatePath = _authority.Issue() });

        await using var wire = await ConnectionWire.Over(client).SecureAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            RemoteCertificateValidationCallback = (_, _, sent, _) =>
            {
                chain.AddRange(sent!.ChainPolicy.ExtraStore.Select(certificate => certificate.Subject)); // there is one for a remote certificate
                return true;
            },
        });

        using var accepted = (await accepting).Connection;
        Assert.Contains(_authority.Intermediate.Subject, chain);
    }

    [Fact]
    public async Task Server_of_a_trusted_authority_is_accepted() =>
        Assert.Equal((TransportError.None, TransportError.None), await ShakeAsync(new(), "localhost"));

    [Fact]
    public async Task Server_known_by_its_address_is_accepted() =>
        Assert.Equal((TransportError.None, TransportError.None), await ShakeAsync(new(), "127.0.0.1"));

    [Fact]
    public async Task Server_with_another_name_is_refused() =>
        Assert.Equal(TransportError.TlsCertificate, (await ShakeAsync(new(), "elsewhere.example")).Client);

    [Fact]
    public async Task Name_of_the_options_goes_before_that_of_the_address() =>
        Assert.Equal(TransportError.None, (await ShakeAsync(new() { HostName = "localhost" }, "10.1.2.3")).Client);

    [Fact]
    public async Task Server_without_any_name_to_verify_is_refused() =>
        Assert.Equal(TransportError.TlsCertificate, (await ShakeAsync(new(), hostName: null)).Client);

    [Fact]
    public async Task Server_of_an_unknown_authority_is_refused()
    {
        using var other = new TestAuthority();

        Assert.Equal(TransportError.TlsCertificate, (await ShakeAsync(new() { CaPath = other.CaPath }, "localhost")).Client);
    }

    [Fact]
    public async Task Server_of_a_private_authority_is_refused_where_the_system_decides() =>
        Assert.Equal(TransportError.TlsCertificate, (await ShakeAsync(new() { CaPath = "" }, "localhost")).Client);

    [Fact]
    public async Task Expired_certificate_is_refused() =>
        Assert.Equal(
            TransportError.TlsCertificate,
            (await ShakeAsync(new(), "localhost", _authority.Issue(DateTimeOffset.UtcNow.AddHours(-1), "localhost"))).Client);

    [Fact]
    public async Task Nothing_is_verified_where_the_user_says_so()
    {
        using var other = new TestAuthority();

        Assert.Equal(TransportError.None, (await ShakeAsync(new() { Verify = false, CaPath = other.CaPath }, "elsewhere.example")).Client);
    }

    [Fact]
    public async Task Session_made_without_verifying_does_not_open_the_door_to_one_that_verifies()
    {
        var certificate = _authority.Issue("localhost");
        using var other = new TestAuthority();
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(TransportError.None, (await ShakeAsync(new() { Verify = false }, "localhost", certificate, exchange: true)).Client);
        }

        Assert.Equal(TransportError.TlsCertificate, (await ShakeAsync(new() { CaPath = other.CaPath }, "localhost", certificate)).Client);
    }

    [Fact] // SEC-04
    public async Task Newer_minimum_than_the_peer_allows_fails_the_handshake()
    {
        var (client, server) = InMemoryTransport.MakePair();
        var accepting = AcceptAsync(server, new BindTlsOptions { CertificatePath = _authority.Issue(), MinimumProtocol = SslProtocols.Tls13 });

        await Assert.ThrowsAnyAsync<Exception>(() => ConnectionWire.Over(client).SecureAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            EnabledSslProtocols = SslProtocols.Tls12,
        }));

        Assert.Equal(ConnectResult.Failed(TransportError.TlsHandshake), await accepting);
    }

    [Fact]
    public async Task Http_1_1_is_offered_by_default()
    {
        Assert.Equal(SslApplicationProtocol.Http11, await AgreeAsync(null, SslApplicationProtocol.Http2, SslApplicationProtocol.Http11));
        Assert.Equal(default, await AgreeAsync(null));
        Assert.Equal(default, await AgreeAsync([], SslApplicationProtocol.Http2));
        Assert.Equal("mqtt", (await AgreeAsync(["mqtt"], new SslApplicationProtocol("mqtt"))).ToString());
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\n\r\n")]
    public async Task Plain_http_to_an_encrypted_port_fails_the_handshake_and_is_closed(string request)
    {
        var (client, server) = InMemoryTransport.MakePair();
        var accepting = AcceptAsync(server);
        await client.SendTextAsync(request);

        Assert.Equal(ConnectResult.Failed(TransportError.TlsHandshake), await accepting);
        var (_, error) = await client.ReadToEndAsync(() => 1000);
        Assert.Equal(TransportError.None, error);
    }

    [Fact]
    public async Task Peer_that_leaves_during_the_handshake_is_a_reset()
    {
        var (client, server) = InMemoryTransport.MakePair();
        var accepting = AcceptAsync(server);

        client.Dispose();

        Assert.Equal(ConnectResult.Failed(TransportError.Reset), await accepting);
    }

    [Fact]
    public async Task Handshake_is_given_up_with_its_token()
    {
        var (client, server) = InMemoryTransport.MakePair();
        using var cancelled = new CancellationTokenSource();
        var accepting = Context().AcceptAsync(server, cancelled.Token).InTimeAsync();
        Assert.False(accepting.IsCompleted);

        await cancelled.CancelAsync();

        Assert.Equal(ConnectResult.Failed(TransportError.Aborted), await accepting);
        Assert.Equal(IoResult.Failed(TransportError.Reset), await client.ReceiveInTimeAsync());
    }

    [Fact]
    public async Task Handshake_with_a_token_that_is_cancelled_already_is_aborted()
    {
        var (_, server) = InMemoryTransport.MakePair();

        Assert.Equal(
            ConnectResult.Failed(TransportError.Aborted),
            await Context().AcceptAsync(server, new CancellationToken(canceled: true)).InTimeAsync());
    }

    [Fact]
    public async Task Abort_during_the_handshake_ends_it()
    {
        var (client, server) = await TlsPair.MakeSocketsAsync();
        var accepting = AcceptAsync(server);
        await client.SendAsync(new byte[] { 0x16, 3, 1 }); // the beginning of a record

        server.Abort();

        Assert.Equal(ConnectResult.Failed(TransportError.Aborted), await accepting);
        client.Dispose();
    }

    [Fact]
    public async Task Handshake_cut_off_after_any_byte_is_a_result()
    {
        var whole = await RecordClientHelloAsync();
        for (var length = 0; length < whole.Length; length += length < 100 ? 1 : 23)
        {
            var (client, server) = InMemoryTransport.MakePair();
            var accepting = AcceptAsync(server);
            if (length > 0)
            {
                await client.SendAsync(whole.AsMemory(0, length));
            }

            client.Dispose();

            Assert.Equal(ConnectResult.Failed(TransportError.Reset), await accepting);
        }
    }

    [Fact]
    public async Task Handshake_of_damaged_bytes_is_a_result()
    {
        var hello = await RecordClientHelloAsync();
        var random = new Random(5);
        for (var round = 0; round < 400; round++)
        {
            var damaged = round % 2 == 0 ? hello.ToArray() : new byte[random.Next(1, 400)];
            for (var i = round % 2 == 0 ? random.Next(1, 6) : damaged.Length; i > 0; i--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            var (client, server) = InMemoryTransport.MakePair();
            var accepting = AcceptAsync(server);
            await client.SendAsync(damaged);
            client.Dispose();

            var result = await accepting;
            Assert.True(result.Error is TransportError.TlsHandshake or TransportError.Reset, $"{result.Error} in round {round}");
        }
    }

    private TlsServerContext Context() => _context ??= new(new BindTlsOptions { CertificatePath = _authority.Issue() }, _pool);

    private Task<ConnectResult> AcceptAsync(Connection server, BindTlsOptions? options = null) =>
        (options is null ? Context() : new TlsServerContext(options, _pool)).AcceptAsync(server, CancellationToken.None).InTimeAsync();

    /// <summary>Both ends' results; the client trusts the authority unless the options name another, or "" for the system's.</summary>
    private async Task<(TransportError Client, TransportError Server)> ShakeAsync(
        ServerTlsOptions options, string? hostName, string? certificate = null, bool exchange = false)
    {
        options.CaPath = options.CaPath switch { null => _authority.CaPath, "" => null, var path => path };
        var (client, server) = InMemoryTransport.MakePair();
        var accepting = AcceptAsync(server, new BindTlsOptions { CertificatePath = certificate ?? _authority.Issue() });
        var connected = await new TlsClientContext(options, _pool).ConnectAsync(client, hostName, CancellationToken.None).InTimeAsync();
        var accepted = await accepting;
        if (exchange && accepted.Connection is { } from && connected.Connection is { } to)
        {
            await from.SendTextAsync("tickets come with data");
            await to.ReadTextAsync(22);
        }

        connected.Connection?.Dispose();
        accepted.Connection?.Dispose();
        return (connected.Error, accepted.Error);
    }

    private async Task<SslApplicationProtocol> AgreeAsync(IReadOnlyList<string>? offered, params SslApplicationProtocol[] asked)
    {
        var (client, server) = InMemoryTransport.MakePair();
        var accepting = AcceptAsync(server, new BindTlsOptions { CertificatePath = _authority.Issue(), ApplicationProtocols = offered });
        await using var wire = await ConnectionWire.Over(client).SecureAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            ApplicationProtocols = [.. asked],
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { _authority.Root },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        });

        using var accepted = Assert.IsType<TlsConnection>((await accepting).Connection);
        return accepted.ApplicationProtocol;
    }

    private async Task<byte[]> RecordClientHelloAsync()
    {
        var (client, server) = InMemoryTransport.MakePair();
        var connecting = new TlsClientContext(new ServerTlsOptions { CaPath = _authority.CaPath }, _pool)
            .ConnectAsync(client, "localhost", CancellationToken.None).InTimeAsync();
        var buffer = new byte[16 * 1024];
        var hello = await server.ReceiveAsync(buffer).InTimeAsync();
        server.Abort();
        Assert.Equal(TransportError.Reset, (await connecting).Error);
        return buffer[..hello.Bytes];
    }
}
