using ProxyKit.Transport.Tls;

namespace ProxyKit.HAProxyConfig.Tests.Mapping;

/// <summary>Certificates of binds, and those that are wanted of clients.</summary>
public sealed class BindTlsMappingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("proxykit-bind-tls-").FullName;

    public BindTlsMappingTests()
    {
        foreach (var name in (string[])["a.pem", "b.pem", "ca.pem", "more.pem", "clients.crl"])
        {
            Write(name, "");
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_wanted_of_clients_is_read()
    {
        var clients = Bind("crt a.pem verify optional ca-file ca.pem ca-verify-file more.pem crl-file clients.crl no-ca-names crt-ignore-err 10,23 ca-ignore-err all")
            .ClientCertificates!;

        Assert.Equal((false, PathOf("ca.pem"), PathOf("more.pem"), PathOf("clients.crl")), (clients.IsRequired, clients.CaPath, clients.CaVerifyPath, clients.CrlPath));
        Assert.Equal((false, false, true), (clients.TellsAuthorities, clients.IgnoresAllErrors, clients.IgnoresAllAuthorityErrors));
        Assert.Equal([10, 23], clients.IgnoredErrors);
    }

    [Theory]
    [InlineData("verify required ca-file @system-ca", true)]
    [InlineData("verify required ca-file ca.pem", false)]
    public void Authorities_of_the_system_are_trusted_where_that_is_said(string words, bool expected)
    {
        var clients = Bind($"crt a.pem {words}").ClientCertificates!;

        Assert.Equal((true, expected), (clients.IsRequired, clients.TrustsSystem));
    }

    [Theory]
    [InlineData("verify none ca-file ca.pem")]
    [InlineData("ca-file ca.pem")]
    public void Nobody_is_asked_unless_that_is_said(string words) => Assert.Null(Bind($"crt a.pem {words}").ClientCertificates);

    [Fact]
    public void Several_certificates_keep_their_order()
    {
        var tls = Bind("crt a.pem default-crt b.pem strict-sni");

        Assert.Equal(PathOf("a.pem"), tls.CertificatePath);
        Assert.Equal((PathOf("b.pem"), true), (Assert.Single(tls.Certificates).Path, tls.Certificates[0].IsDefault));
        Assert.True(tls.RefusesUnknownNames);
    }

    [Fact]
    public void List_of_certificates_is_read()
    {
        var list = Write("list.txt", "# two\n\na.pem *\n  b.pem [alpn http/1.1 verify required ca-file ca.pem]  *.example !admin.example\na.pem[verify none]\n");

        var tls = Bind($"crt-list {list} verify optional ca-file more.pem");

        Assert.Null(tls.CertificatePath);
        Assert.Equal([PathOf("a.pem"), PathOf("b.pem"), PathOf("a.pem")], tls.Certificates.Select(static c => c.Path));
        Assert.Equal(["*"], tls.Certificates[0].Names);
        Assert.Equal(["*.example", "!admin.example"], tls.Certificates[1].Names);
        Assert.Equal((true, PathOf("ca.pem")), (tls.Certificates[1].ClientCertificates!.IsRequired, tls.Certificates[1].ClientCertificates!.CaPath));
        Assert.Equal(["http/1.1"], tls.Certificates[1].ApplicationProtocols);
        Assert.Equal([false, false, true], tls.Certificates.Select(static c => c.AsksForNoCertificate));
    }

    [Theory]
    [InlineData("a.pem [sigalgs x]", "'sigalgs' is not supported in a list of certificates.")]
    [InlineData("a.pem [ciphers x]", "'ciphers': unknown word 'x' in a list of ciphers.")]
    [InlineData("a.pem [nonsense]", "unknown parameter 'nonsense'.")]
    [InlineData("a.pem [alpn http/1.1", "a bracket is opened here and not closed.")]
    [InlineData("a.pem !x.example", "a name with '!' is an exception from one with '*.' in the same line, and there is none.")]
    [InlineData("c.pem", "unable to load SSL certificate from PEM file '{0}/c.pem': there is no such file.")]
    public void Fault_in_a_list_says_where_it_is(string line, string message)
    {
        var list = Write("list.txt", $"# first\n{line}\n");

        var result = Reading.Of($"global\ncrt-base {_folder}\nfrontend f\nmode http\ntimeout client 1s\nbind :443 ssl crt-list {list}\n");

        Assert.Contains(result.Alerts(), alert => alert.Contains($"{list}:2", StringComparison.Ordinal)
            && alert.EndsWith(message.Replace("{0}", _folder, StringComparison.Ordinal), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("verify required", "clients are asked for certificates ('verify'), and no 'ca-file' says whom these may come from.")]
    [InlineData("verify maybe", "'verify' only supports 'none', 'optional', 'required' (got 'maybe')")]
    [InlineData("crt-ignore-err 10,x ", "'crt-ignore-err' expects 'all' or numbers of errors from 1 to 255, with commas between (got 'x').")]
    [InlineData("ca-file none.pem verify required", "none.pem': there is no such file.")]
    public void Fault_of_what_is_wanted_is_told(string words, string message)
    {
        var result = Reading.Of($"global\ncrt-base {_folder}\nca-base {_folder}\nfrontend f\nmode http\ntimeout client 1s\nbind :443 ssl crt a.pem {words}\n");

        Assert.Contains(result.Alerts(), alert => alert.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void Server_is_shown_a_certificate_and_looked_up_on_a_list()
    {
        var result = Reading.Of(
            $"global\ncrt-base {_folder}\nca-base {_folder}\nbackend b\nmode http\ntimeout server 1s\ntimeout connect 1s\n"
            + "server s 10.0.0.1:443 ssl verify required ca-file ca.pem crl-file clients.crl crt a.pem sni str(s.example)\n"
            + "frontend f\nmode http\ntimeout client 1s\nbind :80\ndefault_backend b\n");

        Assert.True(result.IsValid, result.ToString());
        var tls = result.Options.Backends[0].Servers[0].Tls!;
        Assert.Equal((PathOf("clients.crl"), PathOf("a.pem")), (tls.CrlPath, tls.CertificatePath));
    }

    private BindTlsOptions Bind(string words)
    {
        var result = Reading.Of($"global\ncrt-base {_folder}\nca-base {_folder}\nfrontend f\nmode http\ntimeout client 1s\nbind :443 ssl {words}\n");
        Assert.True(result.IsValid, result.ToString());
        return result.Options.Frontends[0].Binds[0].Tls!;
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    private string Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }
}
