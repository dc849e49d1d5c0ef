using System.Security.Authentication;
using ProxyKit.HAProxyConfig.Diagnostics;

namespace ProxyKit.HAProxyConfig.Tests.Mapping;

/// <summary>Versions of TLS, ciphers and sessions, of binds and of servers, and what <c>global</c> says for all of them.</summary>
public sealed class TlsMappingTests
{
    private const string Debian =
        "ssl-default-bind-ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384\n"
        + "ssl-default-bind-ciphersuites TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256\n"
        + "ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets";

    private const string Mozilla =
        "ssl-default-bind-curves X25519:prime256v1:secp384r1\n"
        + "ssl-default-bind-ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256\n"
        + "ssl-default-bind-ciphersuites TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256\n"
        + "ssl-default-bind-options prefer-client-ciphers ssl-min-ver TLSv1.2 no-tls-tickets\n"
        + "ssl-default-server-curves X25519:prime256v1:secp384r1\n"
        + "ssl-default-server-ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256\n"
        + "ssl-default-server-ciphersuites TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256\n"
        + "ssl-default-server-options ssl-min-ver TLSv1.2 no-tls-tickets\n"
        + "ssl-dh-param-file /path/to/dhparam\ntune.ssl.default-dh-param 2048";

    [Theory]
    [InlineData("", SslProtocols.Tls12, null)]
    [InlineData("ssl-min-ver TLSv1.3", SslProtocols.Tls13, null)]
    [InlineData("ssl-max-ver TLSv1.2", SslProtocols.Tls12, SslProtocols.Tls12)]
    [InlineData("force-tlsv12", SslProtocols.Tls12, SslProtocols.Tls12)]
    [InlineData("force-tlsv13", SslProtocols.Tls13, SslProtocols.Tls13)]
    [InlineData("no-tlsv13", SslProtocols.Tls12, SslProtocols.Tls12)]
    [InlineData("no-tlsv12", SslProtocols.Tls13, null)]
    [InlineData("no-sslv3 no-tlsv10 no-tlsv11", SslProtocols.Tls12, null)]
    public void Versions_are_read_alike_everywhere(string words, SslProtocols minimum, SslProtocols? maximum)
    {
        var bind = Bind(words);
        var server = Reading.Server($"ssl verify none sni str(a) {words}").Tls!;
        var all = Read(words.Length == 0 ? "" : $"ssl-default-bind-options {words}", "");

        Assert.Equal((minimum, maximum), (bind.MinimumProtocol, bind.MaximumProtocol));
        Assert.Equal((minimum, maximum), (server.MinimumProtocol, server.MaximumProtocol));
        Assert.Equal((minimum, maximum), (all.MinimumProtocol, all.MaximumProtocol));
    }

    [Fact]
    public void What_a_bind_says_goes_before_what_global_says()
    {
        var bind = Read("ssl-default-bind-options ssl-min-ver TLSv1.3 no-tls-tickets\nssl-default-bind-ciphers HIGH", "ssl-min-ver TLSv1.2 tls-tickets ciphers ECDHE");

        Assert.Equal((SslProtocols.Tls12, true, "ECDHE"), (bind.MinimumProtocol, bind.ResumesSessions, bind.Ciphers));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("no-renegotiate", false)]
    [InlineData("no-renegotiate renegotiate", true)]
    public void Servers_may_have_handshakes_done_again_unless_they_may_not(string words, bool expected) =>
        Assert.Equal(expected, Reading.Server($"ssl verify none sni str(a) {words}").Tls!.AllowsRenegotiation);

    [Theory]
    [InlineData("", null)]
    [InlineData("alpn http/1.1", "http/1.1")]
    [InlineData("alpn http/1.1 no-alpn", "")]
    public void Servers_are_offered_protocols_where_that_is_said(string words, string? protocols)
    {
        var offered = Reading.Server($"ssl verify none sni str(a) {words}").Tls!.ApplicationProtocols;

        Assert.Equal(protocols, offered is null ? null : string.Join(',', offered));
    }

    [Theory]
    [InlineData("tune.ssl.capture-buffer-size 96", 96)]
    [InlineData("tune.ssl.capture-cipherlist-size 10", 10)]
    [InlineData("tune.ssl.capture-buffer-size 0", null)]
    [InlineData("", null)]
    public void Size_of_what_is_kept_of_hellos_counts_for_all_binds(string global, int? bytes) => Assert.Equal(bytes, Read(global, "").CapturedHelloBytes);

    [Theory]
    [InlineData("no-tlsv12 no-tlsv13", "all versions of TLS are disabled.")]
    [InlineData("ssl-min-ver TLSv1.3 ssl-max-ver TLSv1.2", "all versions of TLS are disabled: 'ssl-min-ver' is newer than 'ssl-max-ver'.")]
    [InlineData("ssl-max-ver TLSv1.1", "'TLSv1.1' is not supported: it is broken.")]
    [InlineData("force-tlsv11", "the system's OpenSSL speaks no version of TLS before 1.2, whatever is said")]
    [InlineData("ciphers ECDHE:NONSENSE", "'ciphers': unknown word 'NONSENSE' in a list of ciphers.")]
    [InlineData("ciphers HIGH:@SECLEVEL=0", "'ciphers': '@SECLEVEL=0' cannot be said here")]
    [InlineData("ciphers eNULL", "'ciphers': 'eNULL' asks for no encryption, which is not supported.")]
    [InlineData("ciphers RC4", "'ciphers': no cipher is left by 'RC4'.")]
    [InlineData("ciphersuites TLS_NONSENSE", "'ciphersuites': 'TLS_NONSENSE' is no cipher suite of TLS 1.3")]
    [InlineData("curves X25519:nonsense", "'curves': 'nonsense' is no curve that TLS has.")]
    [InlineData("curves ffdhe2048", "'curves ffdhe2048' is not supported: .NET lets nobody choose the curves")]
    [InlineData("sigalgs RSA+SHA256", ".NET lets nobody choose the algorithms of signatures")]
    public void What_cannot_be_done_is_refused(string words, string message)
    {
        var bind = Reading.Of($"frontend f\nmode http\ntimeout client 1s\nbind :443 ssl strict-sni {words}\n");
        var server = Reading.Of($"backend b\nmode http\ntimeout connect 1s\ntimeout server 1s\nserver s 10.0.0.1:443 ssl verify none sni str(a) {words}\n");

        Assert.Contains(bind.Alerts(), alert => alert.Contains(message, StringComparison.Ordinal));
        Assert.Contains(server.Alerts(), alert => alert.Contains(message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("crt /dev/null verify required ca-file @system-ca", "crt")]
    [InlineData("crt-list /none", "crt-list")]
    [InlineData("verify required", "verify")]
    [InlineData("crt-ignore-err all", "crt-ignore-err")]
    [InlineData("ssl-min-ver TLSv1.3", "ssl-min-ver")]
    [InlineData("name x alpn http/1.1", "alpn")]
    public void Words_about_tls_of_a_bind_without_ssl_are_told(string words, string word)
    {
        var text = $"frontend f\nmode http\ntimeout client 1s\nbind :8443 {words}\n";
        var result = Reading.Of(text);

        var told = Assert.Single(result.Diagnostics, static d => d.Severity == DiagnosticSeverity.Warning);
        Assert.Equal((4, $"bind :8443 {words}".IndexOf(word, StringComparison.Ordinal) + 1), (told.Line, told.Column));
        Assert.Equal($"'bind :8443' : '{word}' has no effect without 'ssl': clients are spoken to in plain text.", told.Message);
        Assert.DoesNotContain("has no effect without 'ssl'", Reading.Of(text.Replace(words, $"{words} ssl", StringComparison.Ordinal)).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("server s 10.0.0.1:443 verify required ca-file @system-ca", "verify")]
    [InlineData("server s 10.0.0.1:443 check sni str(a)", "sni")]
    [InlineData("default-server ssl verify none\nserver s 10.0.0.1:443 no-ssl ciphers HIGH", "ciphers")]
    [InlineData("server-template s 1-3 10.0.0.1:443 no-tlsv13", "no-tlsv13")]
    public void Words_about_tls_of_a_server_without_ssl_are_told(string lines, string word)
    {
        var result = Reading.Of($"frontend f\nmode http\ntimeout client 1s\nbind :80\nbackend b\nmode http\ntimeout connect 1s\ntimeout server 1s\n{lines}\n");

        Assert.True(result.IsValid, result.ToString());
        var told = Assert.Single(result.Diagnostics, static d => d.Message.Contains("without 'ssl'", StringComparison.Ordinal));
        Assert.Equal((DiagnosticSeverity.Warning, lines.Split('\n')[^1].IndexOf(word, StringComparison.Ordinal) + 1), (told.Severity, told.Column));
        Assert.EndsWith($"in backend 'b' : '{word}' has no effect without 'ssl': the server is spoken to in plain text.", told.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("server s 10.0.0.1:80 check check-sni a.example", "check-sni")]
    [InlineData("server s 10.0.0.1:80 check check-alpn http/1.1", "check-alpn")]
    [InlineData("server s 10.0.0.1:443 ssl verify none check no-check-ssl check-sni a.example", "check-sni")]
    [InlineData("server s 10.0.0.1:443 ssl verify none check-alpn http/1.1", "check-alpn")]
    [InlineData("default-server check check-ssl verify none\nserver s 10.0.0.1:443 no-check-ssl check-sni a.example", "check-sni")]
    public void Words_about_tls_of_checks_without_it_are_told(string lines, string word)
    {
        var result = Reading.Of($"frontend f\nmode http\ntimeout client 1s\nbind :80\nbackend b\nmode http\ntimeout connect 1s\ntimeout server 1s\n{lines}\n");

        Assert.True(result.IsValid, result.ToString());
        var told = Assert.Single(result.Diagnostics, static d => d.Message.Contains("no effect", StringComparison.Ordinal));
        Assert.Equal((DiagnosticSeverity.Warning, lines.Split('\n')[^1].IndexOf(word, StringComparison.Ordinal) + 1), (told.Severity, told.Column));
        Assert.Equal($"'server s' in backend 'b' : '{word}' has no effect: the server is not checked over TLS.", told.Message);
    }

    [Theory]
    [InlineData("server s 10.0.0.1:80 check check-ssl verify none check-sni a.example check-alpn http/1.1")]
    [InlineData("server s 10.0.0.1:443 ssl verify none check check-sni a.example")]
    [InlineData("server s 10.0.0.1:443 check verify none check-sni a.example\noption tcp-check\ntcp-check connect ssl")]
    [InlineData("default-server check-sni a.example\nserver s 10.0.0.1:80 check")]
    public void Words_about_tls_of_checks_that_do_something_or_are_for_all_servers_are_not_told(string lines)
    {
        var result = Reading.Of($"frontend f\nmode http\ntimeout client 1s\nbind :80\nbackend b\nmode http\ntimeout connect 1s\ntimeout server 1s\n{lines}\n");

        Assert.True(result.IsValid, result.ToString());
        Assert.DoesNotContain("no effect", result.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("server s 10.0.0.1:443 check check-ssl verify none")]
    [InlineData("server s 10.0.0.1:443 ssl verify none sni str(a)")]
    [InlineData("server s 10.0.0.1:443 check verify none\noption tcp-check\ntcp-check connect ssl")]
    [InlineData("default-server verify none\nserver s 10.0.0.1:80 check\nserver t 10.0.0.1:443 ssl sni str(a)")]
    [InlineData("default-server ssl verify none\nserver s 10.0.0.1:80 no-ssl")]
    public void Words_about_tls_that_do_something_or_are_for_all_servers_are_not_told(string lines)
    {
        var result = Reading.Of($"frontend f\nmode http\ntimeout client 1s\nbind :80\nbackend b\nmode http\ntimeout connect 1s\ntimeout server 1s\n{lines}\n");

        Assert.True(result.IsValid, result.ToString());
        Assert.DoesNotContain("without 'ssl'", result.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no-sni-auto")]
    [InlineData("sni str()")]
    [InlineData("sni 'str(\"\")'")]
    [InlineData("sni str(a) sni str()")]
    [InlineData("sni req.hdr(x) sni str()")]
    public void Empty_name_is_none(string words)
    {
        var server = Reading.Server($"ssl verify none {words}");

        Assert.Null(server.TlsHostName);
        Assert.Null(server.Tls!.HostName);
        Assert.Equal("b", Reading.Server($"ssl verify none {words} sni str(b)").Tls!.HostName);
    }

    [Fact]
    public void Exclusions_beside_a_window_are_ignored_with_a_warning()
    {
        var result = Reading.Of("frontend f\nmode http\ntimeout client 1s\nbind :443 ssl strict-sni no-tlsv13 ssl-min-ver TLSv1.2\n");

        Assert.True(result.IsValid, result.ToString());
        Assert.Null(result.Options.Frontends[0].Binds[0].Tls!.MaximumProtocol);
        Assert.Contains("'no-sslv3' and 'no-tlsv1x' are ignored beside 'ssl-min-ver' and 'ssl-max-ver'", result.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("curves X25519:P-256")]
    [InlineData("ecdhe secp384r1")]
    [InlineData("no-tls-tickets")]
    public void What_is_done_otherwise_is_said(string words)
    {
        var result = Reading.Of($"frontend f\nmode http\ntimeout client 1s\nbind :443 ssl strict-sni {words}\n");

        Assert.True(result.IsValid, result.ToString());
        Assert.Contains($"'{words}", result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_of_Debian_are_read()
    {
        var bind = Read(Debian, "");

        Assert.Equal("ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384", bind.Ciphers);
        Assert.Equal("TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256", bind.CipherSuites);
        Assert.Equal((SslProtocols.Tls12, false, false), (bind.MinimumProtocol, bind.ResumesSessions, bind.PrefersClientCiphers));
    }

    [Fact]
    public void Lines_of_Mozillas_generator_are_read()
    {
        var result = Reading.Of(
            $"global\n{Mozilla}\nfrontend f\nmode http\ntimeout client 1s\nbind :443 ssl strict-sni\n"
            + "backend b\nmode http\ntimeout connect 1s\ntimeout server 1s\nserver s 10.0.0.1:443 ssl verify none sni str(a)\n");

        Assert.True(result.IsValid, result.ToString());
        var bind = result.Options.Frontends[0].Binds[0].Tls!;
        var server = result.Options.Backends[0].Servers[0].Tls!;
        Assert.Equal((true, false), (bind.PrefersClientCiphers, bind.ResumesSessions));
        Assert.Equal((bind.Ciphers, bind.CipherSuites, false), (server.Ciphers, server.CipherSuites, server.ResumesSessions));
    }

    [Fact]
    public void Default_for_binds_can_be_strict()
    {
        Assert.True(Read("ssl-default-bind-options strict-sni", "").RefusesUnknownNames);
        Assert.False(Read("ssl-default-bind-options strict-sni", "no-strict-sni crt /dev/null").RefusesUnknownNames);
    }

    private static Transport.Tls.BindTlsOptions Bind(string words) => Read("", words);

    private static Transport.Tls.BindTlsOptions Read(string global, string words)
    {
        var strict = global.Contains("strict-sni", StringComparison.Ordinal) ? "" : "strict-sni";
        var result = Reading.Of($"global\n{global}\nfrontend f\nmode http\ntimeout client 1s\nbind :443 ssl {strict} {words}\n");
        Assert.True(result.IsValid, result.ToString());
        return result.Options.Frontends[0].Binds[0].Tls!;
    }
}
