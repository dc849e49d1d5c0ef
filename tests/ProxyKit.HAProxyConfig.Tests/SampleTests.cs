using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProxyKit.HAProxyConfig.Tests;

/// <summary>The samples are read without a word of warning, and start. What they do is looked at in the conformance tests.</summary>
public sealed class SampleTests : IDisposable
{
    private readonly DirectoryInfo _certificates = Directory.CreateTempSubdirectory("proxykit-samples-");

    public SampleTests()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=gateway.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        Write("gateway.pem", $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
        Write("ca.pem", certificate.ExportCertificatePem());
        Write("clients.crl", ""); // read when a bind is made ready, and none is here
        Write("token.pem", key.ExportSubjectPublicKeyInfoPem());
    }

    public void Dispose() => _certificates.Delete(recursive: true);

    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(RepositoryTree.PathOf("samples", "haproxy"), "*.cfg").Select(static f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Sample_is_read_and_started(string file)
    {
        var result = HAProxyConfiguration.Load(RepositoryTree.PathOf("samples", "haproxy", file), new HAProxyConfigurationOptions
        {
            Environment = new Dictionary<string, string>
            {
                ["HERE"] = RepositoryTree.PathOf("samples", "haproxy"),
                ["CERTS"] = _certificates.FullName,
                ["USAGE"] = Path.Combine(_certificates.FullName, "usage"),
            },
        });
        Assert.True(result.IsValid, result.ToString());
        Assert.Empty(result.Warnings());

        // The same proxy on ports that are free here: what rules name is looked up at the start.
        foreach (var frontend in result.Options.Frontends)
        {
            var binds = frontend.Binds.Count;
            frontend.Binds.Clear();
            for (var i = 0; i < binds; i++)
            {
                frontend.Binds.Add(new Frontends.BindOptions { Address = "127.0.0.1:0" });
            }
        }

        await using var proxy = Proxy.Create(result.Options);
        await proxy.StartAsync(TestContext.Current.CancellationToken);
        Assert.NotEmpty(proxy.EndPoints);
    }

    [Fact]
    public void Page_of_the_samples_lists_them_all()
    {
        var page = File.ReadAllText(RepositoryTree.PathOf("samples", "haproxy", "README.md"));

        Assert.All(Files, file => Assert.Contains($"| [{file.Data}]({file.Data}) | ", page, StringComparison.Ordinal));
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_certificates.FullName, name), text);
}
