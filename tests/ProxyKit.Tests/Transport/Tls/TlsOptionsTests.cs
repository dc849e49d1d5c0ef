using System.Security.Authentication;
using System.Security.Cryptography;
using ProxyKit.Testing;
using ProxyKit.Transport;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Tests.Transport.Tls;

public sealed class TlsOptionsTests : IDisposable
{
    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public void Defaults_are_safe()
    {
        Assert.Equal(SslProtocols.Tls12, new BindTlsOptions().MinimumProtocol);
        Assert.Equal(SslProtocols.Tls12, new ServerTlsOptions().MinimumProtocol);
        Assert.True(new ServerTlsOptions().Verify);
        Assert.Null(TlsClientContext.Check(new ServerTlsOptions()));
    }

    [Fact]
    public void Hello_of_which_nothing_is_to_be_kept_is_a_fault() => Assert.Equal(
        "CapturedHelloBytes: 0 is out of range (at least 1).",
        TlsServerContext.Check(new BindTlsOptions { CertificatePath = _authority.Issue(), CapturedHelloBytes = 0 }));

    [Fact]
    public void Certificate_with_chain_and_key_in_one_file_is_accepted() =>
        Assert.Null(Check(_authority.Issue()));

    [Theory]
    [InlineData("split.pem", "split.pem.key")]
    [InlineData("other.pem", "other.key")]
    public void Key_may_be_in_a_file_beside(string certificateName, string keyName)
    {
        var (certificates, key) = Split(File.ReadAllText(_authority.Issue()));
        var path = _authority.Write(certificateName, certificates);
        Assert.Contains("there is no private key in it, nor in", Check(path), StringComparison.Ordinal);

        _authority.Write(keyName, key);

        Assert.Null(Check(path));
    }

    [Fact]
    public void Rsa_keys_of_both_formats_are_accepted()
    {
        using var key = RSA.Create(2048);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest(
            "CN=rsa", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var text = certificate.ExportCertificatePem() + "\n";

        Assert.Null(Check(_authority.Write("pkcs8.pem", text + key.ExportPkcs8PrivateKeyPem())));
        Assert.Null(Check(_authority.Write("pkcs1.pem", key.ExportRSAPrivateKeyPem() + "\n" + text)));
    }

    [Fact]
    public void Fault_of_a_certificate_file_names_the_file()
    {
        var missing = Path.Combine(Path.GetDirectoryName(_authority.CaPath)!, "missing.pem");
        var empty = _authority.Write("empty.pem", "");
        var garbage = _authority.Write("garbage.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        var strangers = _authority.Write("strangers.pem", Split(File.ReadAllText(_authority.Issue())).Certificates + Split(File.ReadAllText(_authority.Issue())).Key);

        Assert.StartsWith($"CertificatePath: {missing}: cannot be read: ", Check(missing), StringComparison.Ordinal);
        Assert.StartsWith($"CertificatePath: {empty}: there is no private key in it", Check(empty), StringComparison.Ordinal);
        Assert.StartsWith($"CertificatePath: {garbage}: ", Check(garbage), StringComparison.Ordinal);
        Assert.StartsWith($"CertificatePath: {strangers}: the certificate and its key", Check(strangers), StringComparison.Ordinal);
        Assert.Throws<IOException>(() => new TlsServerContext(new BindTlsOptions { CertificatePath = missing }, BufferPool.Shared));
    }

    [Fact]
    public void Key_with_a_password_is_a_fault()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var text = Split(File.ReadAllText(_authority.Issue())).Certificates
            + key.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1000));

        Assert.Contains("do not go together or cannot be read", Check(_authority.Write("locked.pem", text)), StringComparison.Ordinal);
    }

    [Fact]
    public void Fault_of_an_option_names_the_option()
    {
        Assert.Equal("CertificatePath: a certificate file is needed.", TlsServerContext.Check(new BindTlsOptions()));
        Assert.Equal(
            "MinimumProtocol: None is out of range (Tls12 or Tls13).",
            TlsServerContext.Check(new BindTlsOptions { CertificatePath = _authority.Issue(), MinimumProtocol = SslProtocols.None }));
        Assert.StartsWith(
            "ApplicationProtocols: \"\" is not",
            TlsServerContext.Check(new BindTlsOptions { CertificatePath = _authority.Issue(), ApplicationProtocols = ["http/1.1", ""] }),
            StringComparison.Ordinal);
        Assert.StartsWith(
            $"CaPath: {_authority.CaPath}.none: cannot be read: ",
            TlsClientContext.Check(new ServerTlsOptions { CaPath = _authority.CaPath + ".none" }),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Directory_of_issuers_is_looked_at_and_files_without_a_certificate_are_passed_over()
    {
        var directory = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(_authority.CaPath)!, "issuers")).FullName;
        var options = new BindTlsOptions { CertificatePath = _authority.Issue(), IssuersPath = directory };
        File.WriteAllText(Path.Combine(directory, "README"), "Chains are kept here.");
        File.Copy(_authority.CaPath, Path.Combine(directory, "ca.pem"));
        Assert.Null(TlsServerContext.Check(options));

        var broken = Path.Combine(directory, "z.pem");
        File.WriteAllText(broken, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        Assert.StartsWith($"IssuersPath: {broken}: a certificate cannot be read: ", TlsServerContext.Check(options), StringComparison.Ordinal);

        options.IssuersPath = directory + ".none";
        Assert.StartsWith($"IssuersPath: {directory}.none: cannot be read: ", TlsServerContext.Check(options), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, SslProtocols.None, null, null, "MaximumProtocol: None is out of range (Tls12 or Tls13).")]
    [InlineData(SslProtocols.Tls13, SslProtocols.Tls12, null, null, "MaximumProtocol: Tls12 is older than the minimum, Tls13.")]
    [InlineData(SslProtocols.Tls12, null, "ECDHE:NONSENSE", null, "Ciphers: unknown word 'NONSENSE' in a list of ciphers.")]
    [InlineData(SslProtocols.Tls12, null, "HIGH:!ALL", null, "Ciphers: no cipher is left by 'HIGH:!ALL'.")]
    [InlineData(SslProtocols.Tls12, null, null, "", "CipherSuites: no cipher suite is named.")]
    public void Fault_of_versions_and_ciphers_is_told_on_both_sides(SslProtocols minimum, SslProtocols? maximum, string? ciphers, string? suites, string fault)
    {
        var bind = new BindTlsOptions { CertificatePath = _authority.Issue(), MinimumProtocol = minimum, MaximumProtocol = maximum, Ciphers = ciphers, CipherSuites = suites };
        var server = new ServerTlsOptions { MinimumProtocol = minimum, MaximumProtocol = maximum, Ciphers = ciphers, CipherSuites = suites };
        var own = new BindTlsOptions { CertificatePath = _authority.Issue(), MinimumProtocol = minimum };
        own.AddCertificate(_authority.Issue(), c => (c.MaximumProtocol, c.Ciphers, c.CipherSuites) = (maximum, ciphers, suites));

        Assert.Equal(fault, TlsServerContext.Check(bind));
        Assert.Equal(fault, TlsClientContext.Check(server));
        Assert.Equal($"Certificates 1 > {fault}", TlsServerContext.Check(own));
    }

    [Fact]
    public void Connections_to_a_server_depend_on_the_protocols_that_it_is_offered()
    {
        var options = new ServerTlsOptions { ApplicationProtocols = ["http/1.1"] };

        Assert.Null(TlsClientContext.Check(options));
        Assert.NotEqual(new ServerTlsOptions().ToKey(), options.ToKey());
        Assert.Equal(new ServerTlsOptions().ToKey(), new ServerTlsOptions { ApplicationProtocols = [] }.ToKey());
        Assert.Equal("ApplicationProtocols: \"\" is not 1 to 255 bytes long.", TlsClientContext.Check(new ServerTlsOptions { ApplicationProtocols = [""] }));
    }

    [Fact]
    public void Connections_to_a_server_depend_on_what_its_files_hold()
    {
        var path = _authority.Write("changing.pem", File.ReadAllText(_authority.CaPath));
        var options = new ServerTlsOptions { CaPath = path };
        var before = options.ToKey();
        Assert.Equal(before, options.ToKey());

        using var other = new TestAuthority();
        _authority.Write("changing.pem", File.ReadAllText(other.CaPath));

        Assert.NotEqual(before, options.ToKey());
    }

    [Fact]
    public void Fault_of_what_is_said_about_clients_names_the_option()
    {
        var bind = new BindTlsOptions { CertificatePath = _authority.Issue(), ClientCertificates = new ClientCertificateOptions() };
        Assert.StartsWith("ClientCertificates > CaPath: authorities are needed", TlsServerContext.Check(bind), StringComparison.Ordinal);

        bind.ClientCertificates.CaPath = _authority.CaPath;
        Assert.Null(TlsServerContext.Check(bind));

        bind.ClientCertificates.TrustsSystem = true;
        Assert.StartsWith("ClientCertificates > TrustsSystem: authorities are named besides", TlsServerContext.Check(bind), StringComparison.Ordinal);

        bind.ClientCertificates.TrustsSystem = false;
        bind.ClientCertificates.CrlPath = _authority.CaPath;
        Assert.Equal($"ClientCertificates > CrlPath: {_authority.CaPath}: there is no revocation list in it", TlsServerContext.Check(bind));

        bind.ClientCertificates.CrlPath = _authority.Write("bad.crl", "-----BEGIN X509 CRL-----\nMAA=\n-----END X509 CRL-----\n");
        Assert.Contains("bad.crl: a revocation list cannot be read", TlsServerContext.Check(bind), StringComparison.Ordinal);
    }

    [Fact]
    public void Fault_of_a_further_certificate_names_it()
    {
        var bind = new BindTlsOptions { CertificatePath = _authority.Issue() };
        bind.AddCertificate(_authority.Issue(), static c => c.Names.Add("!a.example"));
        Assert.Equal("Certificates 1 > Names: \"!a.example\" is an exception from nothing: no name here begins with *.", TlsServerContext.Check(bind));

        bind.Certificates[0].Names.Add("*.example");
        Assert.Null(TlsServerContext.Check(bind));

        bind.AddCertificate("/none.pem");
        Assert.StartsWith("Certificates 2 > Path: /none.pem: cannot be read", TlsServerContext.Check(bind), StringComparison.Ordinal);
    }

    [Fact]
    public void Bind_that_refuses_unknown_names_needs_no_certificate() =>
        Assert.Null(TlsServerContext.Check(new BindTlsOptions { RefusesUnknownNames = true })); // as HAProxy: all are refused

    [Fact]
    public void Faults_of_what_a_server_is_shown_name_the_option()
    {
        Assert.StartsWith("CertificatePath: /none.pem: cannot be read", TlsClientContext.Check(new ServerTlsOptions { CertificatePath = "/none.pem" }), StringComparison.Ordinal);
        Assert.StartsWith("CrlPath: /none.crl: cannot be read", TlsClientContext.Check(new ServerTlsOptions { CrlPath = "/none.crl" }), StringComparison.Ordinal);
    }

    private static string? Check(string path) => TlsServerContext.Check(new BindTlsOptions { CertificatePath = path });

    private static (string Certificates, string Key) Split(string text)
    {
        var key = text.IndexOf("-----BEGIN PRIVATE", StringComparison.Ordinal);
        return (text[..key], text[key..]);
    }
}
