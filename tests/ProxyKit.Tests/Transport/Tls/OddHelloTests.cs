using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProxyKit.Testing;
using ProxyKit.Testing.InMemory;
using ProxyKit.Transport;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Tests.Transport.Tls;

/// <summary>Hellos that are read by the platform alone, where a bind looks at what clients prefer.</summary>
public sealed class OddHelloTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly LeakCheckingBufferPool _pool = new();

    public void Dispose()
    {
        _authority.Dispose();
        _pool.AssertNothingRented();
    }

    [Theory]
    [InlineData(77)] // one record, and no extension in it
    [InlineData(50)]
    public async Task Hello_that_is_not_read_here_is_left_to_the_platform_where_there_is_one_certificate(int first) =>
        Assert.Equal("0303", (await AnswerAsync(first, isStrict: false))[2..]); // a handshake, or an alert where it does not speak such an old suite any more

    [Theory]
    [InlineData(77)]
    [InlineData(50)]
    public async Task Hello_that_is_not_read_here_is_refused_where_its_name_decides(int first) => Assert.Equal("", await AnswerAsync(first, isStrict: true));

    /// <summary>How the answer to a hello of TLS 1.2 without extensions begins, in hexadecimal digits: a record, or nothing.</summary>
    /// <param name="first">How many of its 77 bytes are in its first record.</param>
    /// <param name="isStrict">Whether names that are not known are refused.</param>
    private async Task<string> AnswerAsync(int first, bool isStrict)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other platforms let nobody choose suites.");
        byte[] hello = [1, 0, 0, 73, 3, 3, .. new byte[32], 32, .. new byte[32], 0, 2, 0, 0x9C, 1, 0]; // TLS_RSA_WITH_AES_128_GCM_SHA256, which needs no extension
        var (client, server) = InMemoryTransport.MakePair();
        var options = new BindTlsOptions { CertificatePath = IssueRsa(), PrefersClientCiphers = true, Ciphers = "AES128-GCM-SHA256", RefusesUnknownNames = isStrict };
        var accepting = new TlsServerContext(options, _pool).AcceptAsync(server, CancellationToken.None).InTimeAsync();
        await using var wire = ConnectionWire.Over(client);

        await wire.SendAsync(Record(hello.AsSpan(0, first)));
        if (first < hello.Length && !isStrict) // who is refused is so by then
        {
            await wire.SendAsync(Record(hello.AsSpan(first)));
        }

        var answer = isStrict ? await wire.ReadToEndAsync() : await wire.ReadExactlyAsync(3);
        client.Dispose();
        Assert.True((await accepting).Error is TransportError.TlsHandshake or TransportError.Reset); // it is left at that
        return Convert.ToHexString(answer);
    }

    private static byte[] Record(ReadOnlySpan<byte> content) => [0x16, 3, 1, 0, (byte)content.Length, .. content];

    private string IssueRsa()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=a.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return _authority.Write("rsa.pem", $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
    }
}
