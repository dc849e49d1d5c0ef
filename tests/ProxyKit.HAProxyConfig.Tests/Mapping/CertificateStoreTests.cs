using ProxyKit.Transport.Tls;

namespace ProxyKit.HAProxyConfig.Tests.Mapping;

/// <summary>Certificates whose keys are in files of their own: <c>crt-store</c>, and <c>key</c> in lists of certificates.</summary>
public sealed class CertificateStoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("proxykit-stores-").FullName;

    public CertificateStoreTests()
    {
        foreach (var name in (string[])["a.pem", "b.pem", "a.key", "b.key"])
        {
            Write(name, "");
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("crt-store web\nload crt a.pem key b.key alias shop\n", "@web/shop")]
    [InlineData("crt-store web\nload crt a.pem key b.key\n", "@web/a.pem")]
    [InlineData("crt-store\nload crt a.pem key b.key alias shop\n", "@/shop")]
    [InlineData("crt-store\nload crt a.pem key b.key\n", "a.pem")]
    [InlineData("crt-store web\ncrt-base {0}\nkey-base {0}\nload key b.key crt a.pem alias shop\n", "@web/shop")]
    public void Bind_names_a_certificate_of_a_store(string store, string name)
    {
        var certificate = Assert.Single(Bind(store, $"crt {name}").Certificates);

        Assert.Equal((PathOf("a.pem"), PathOf("b.key"), null), (certificate.Path, certificate.KeyPath, certificate.StaplesOcsp));
    }

    [Fact]
    public void List_names_certificates_of_a_store_and_keys()
    {
        var list = Write("list.txt", "@web/shop shop.example\nb.pem [key b.key ssl-min-ver TLSv1.3 ocsp-update off] *.example\n");

        var certificates = Bind("crt-store web\nload crt a.pem key a.key alias shop ocsp-update on\n", $"crt-list {list}").Certificates;

        Assert.Equal([PathOf("a.key"), PathOf("b.key")], certificates.Select(static c => c.KeyPath));
        Assert.Equal([true, false], certificates.Select(static c => c.StaplesOcsp));
        Assert.Equal(System.Security.Authentication.SslProtocols.Tls13, certificates[1].MinimumProtocol);
    }

    [Theory]
    [InlineData("", false, null)]
    [InlineData("ocsp-update.mode on", true, true)]
    [InlineData("ocsp-update.mode on\nocsp-update.disable on", false, null)]
    public void Global_says_whether_responders_are_asked(string global, bool all, bool? own)
    {
        var tls = Bind("crt-store web\nload crt a.pem alias shop ocsp-update on\n", "crt b.pem crt @web/shop", global);

        Assert.Equal(all, tls.StaplesOcsp);
        Assert.Equal(global.Length == 0 ? true : own, tls.Certificates[^1].StaplesOcsp);
    }

    [Theory]
    [InlineData("load key a.key", "'load' expects 'crt' and a file.")]
    [InlineData("load crt", "'load' expects crt <file> [key <file>] [alias <name>] ....")]
    [InlineData("load crt a.pem key", "'load' expects something behind 'key'.")]
    [InlineData("load crt c.pem", "unable to load SSL certificate from PEM file '{0}/c.pem': there is no such file.")]
    [InlineData("load crt a.pem key c.key", "unable to load SSL private key from file '{0}/c.key': there is no such file.")]
    [InlineData("load crt a.pem ocsp a.ocsp", "'load': 'ocsp' is not supported yet.")]
    [InlineData("load crt a.pem nonsense x", "'load': unknown parameter 'nonsense'.")]
    [InlineData("load crt a.pem ocsp-update x", "'load' only supports 'on', 'off' (got 'x')")]
    [InlineData("load crt a.pem\nload crt a.pem", "'load': there is a certificate 'a.pem' in this store already.")]
    [InlineData("load crt a.pem\nfrontend g\nbind :444 ssl crt @web/b.pem", "there is no certificate '@web/b.pem' in a 'crt-store' section above.")]
    [InlineData("loads crt a.pem", "unknown keyword 'loads' in 'crt-store' section; did you mean 'load' maybe ?")]
    public void Fault_in_a_store_is_told(string lines, string message) => Assert.Contains(
        Read($"crt-store web\n{lines}\n", "crt b.pem").Alerts(),
        alert => alert.EndsWith(message.Replace("{0}", _folder, StringComparison.Ordinal), StringComparison.Ordinal));

    [Theory]
    [InlineData("b.pem [key]", "'key' expects <file>.")]
    [InlineData("b.pem [key c.key]", "unable to load SSL private key from file '{0}/c.key': there is no such file.")]
    [InlineData("b.pem [ocsp-update maybe]", "'ocsp-update' only supports 'on', 'off' (got 'maybe')")]
    [InlineData("b.pem [ocsp b.ocsp]", "unknown parameter 'ocsp'.")]
    [InlineData("@web/b b.example", "there is no certificate '@web/b' in a 'crt-store' section above.")]
    public void Fault_in_a_list_says_where_it_is(string line, string message)
    {
        var list = Write("list.txt", line + "\n");

        Assert.Contains(Read("", $"crt-list {list}").Alerts(), alert => alert.Contains($"{list}:1", StringComparison.Ordinal)
            && alert.EndsWith(message.Replace("{0}", _folder, StringComparison.Ordinal), StringComparison.Ordinal));
    }

    private BindTlsOptions Bind(string store, string words, string global = "")
    {
        var result = Read(store, words, global);
        Assert.True(result.IsValid, result.ToString());
        return result.Options.Frontends[0].Binds[0].Tls!;
    }

    private HAProxyConfigurationResult Read(string store, string words, string global = "") => Reading.Of(
        $"global\ncrt-base {_folder}\nkey-base {_folder}\n{global}\n{store.Replace("{0}", _folder, StringComparison.Ordinal)}"
        + $"frontend f\nmode http\ntimeout client 1s\nbind :443 ssl {words}\n");

    private string PathOf(string name) => Path.Combine(_folder, name);

    private string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }
}
