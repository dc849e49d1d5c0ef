using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ProxyKit.Rules;
using ProxyKit.Rules.Fetches;
using ProxyKit.Tests.Transport.Tls;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Tests.Rules.Fetches;

public sealed class TlsFetchesTests
{
    [Fact]
    public async Task Connection_over_TLS_tells_what_was_agreed_on()
    {
        await using var pair = await TlsPair.MakeAsync(inMemory: true);
        var context = new RuleContext { Session = new RuleSession { IsSecure = true, Connection = pair.Server } };
        var certificate = Assert.IsType<X509Certificate2>(pair.Server.LocalCertificate);

        Assert.Equal("1", context.Ask("ssl_fc"));
        Assert.Equal("localhost", context.Ask("ssl_fc_sni"));
        Assert.Equal("localhost", context.Tried("ssl_fc_sni_end"));
        Assert.Equal("localhost", context.Tried("ssl_fc_sni_reg"));
        Assert.Equal("1", context.Ask("ssl_fc_has_sni"));
        Assert.Equal("TLSv1.3", context.Ask("ssl_fc_protocol"));
        Assert.StartsWith("TLS_", context.Ask("ssl_fc_cipher"), StringComparison.Ordinal);
        Assert.Equal(pair.Server.CipherSuite.ToString(), context.Ask("ssl_fc_cipher"));
        Assert.Contains(context.Ask("ssl_fc_alg_keysize"), (string[])["128", "256"]);
        Assert.Equal(context.Ask("ssl_fc_alg_keysize"), context.Ask("ssl_fc_use_keysize"));
        Assert.Equal(pair.Server.ApplicationProtocol.ToString() is { Length: > 0 } name ? name : null, context.Ask("ssl_fc_alpn"));
        Assert.Null(context.Ask("ssl_fc_npn"));
        Assert.Equal("0", context.Ask("ssl_fc_has_crt"));
        Assert.Equal("0", context.Ask("ssl_fc_has_early"));
        Assert.Equal(certificate.SubjectName.Name.Replace("CN=", "/CN=", StringComparison.Ordinal), context.Ask("ssl_f_s_dn"));
        Assert.Equal(Convert.ToHexString(certificate.GetCertHash(HashAlgorithmName.SHA1)), context.Ask("ssl_f_sha1"));
        Assert.Equal(Convert.ToHexString(certificate.RawData), context.Ask("ssl_f_der"));
        Assert.Equal(certificate.SerialNumber.TrimStart('0').PadLeft(16, '0'), context.Ask("ssl_f_serial")?.PadLeft(16, '0'));
        Assert.Equal(
            certificate.NotAfter.ToUniversalTime().ToString("yyMMddHHmmss'Z'", CultureInfo.InvariantCulture), context.Ask("ssl_f_notafter"));
        Assert.Equal(
            certificate.NotBefore.ToUniversalTime().ToString("yyMMddHHmmss'Z'", CultureInfo.InvariantCulture), context.Ask("ssl_f_notbefore"));
        Assert.Equal("id-ecPublicKey", context.Ask("ssl_f_key_alg"));
        Assert.Equal("ecdsa-with-SHA256", context.Ask("ssl_f_sig_alg"));
        Assert.Equal("3", context.Ask("ssl_f_version"));
    }

    [Fact]
    public async Task Connection_without_a_client_certificate_says_so()
    {
        await using var pair = await TlsPair.MakeAsync(inMemory: true);
        var context = new RuleContext { Session = new RuleSession { IsSecure = true, Connection = pair.Server } };

        Assert.Equal("0", context.Ask("ssl_c_verify"));
        Assert.Equal("0", context.Ask("ssl_c_used"));
        Assert.Equal("0", context.Ask("ssl_c_err"));
        Assert.Equal("0", context.Ask("ssl_c_ca_err"));
        Assert.Equal("0", context.Ask("ssl_c_ca_err_depth"));
        Assert.Equal("0", context.Ask("ssl_fc_err"));
        Assert.Equal("0", context.Ask("ssl_fc_is_resumed"));
        Assert.Null(context.Ask("ssl_c_s_dn"));
        Assert.Null(context.Ask("ssl_c_i_dn(CN)"));
        Assert.Null(context.Ask("ssl_c_sha1"));
    }

    [Fact]
    public void Clear_connection_has_no_TLS_to_tell_of()
    {
        var context = TestExchange.For("/").Context;

        Assert.Equal("0", context.Ask("ssl_fc"));
        Assert.Equal("0", context.Ask("ssl_bc"));
        Assert.Equal("0", context.Ask("ssl_fc_has_sni"));
        Assert.Equal("0", context.Ask("ssl_fc_is_resumed"));
        Assert.All(
            [
                "ssl_fc_sni", "ssl_fc_protocol", "ssl_fc_cipher", "ssl_fc_alpn", "ssl_fc_has_crt", "ssl_c_used", "ssl_c_verify", "ssl_fc_has_early",
                "ssl_f_s_dn", "ssl_f_sha1",
            ],
            expression => Assert.Null(context.Ask(expression)));
    }

    [Theory]
    [InlineData(TlsCipherSuite.TLS_AES_256_GCM_SHA384, "TLS_AES_256_GCM_SHA384", 256)]
    [InlineData(TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256, "TLS_CHACHA20_POLY1305_SHA256", 256)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, "ECDHE-RSA-AES256-GCM-SHA384", 256)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, "ECDHE-ECDSA-AES128-GCM-SHA256", 128)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256, "ECDHE-RSA-CHACHA20-POLY1305", 256)]
    [InlineData(TlsCipherSuite.TLS_DHE_RSA_WITH_AES_128_CBC_SHA256, "DHE-RSA-AES128-SHA256", 128)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA, "ECDHE-RSA-AES256-SHA", 256)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384, "ECDHE-RSA-AES256-SHA384", 256)]
    [InlineData(TlsCipherSuite.TLS_RSA_WITH_AES_128_GCM_SHA256, "AES128-GCM-SHA256", 128)]
    [InlineData(TlsCipherSuite.TLS_RSA_WITH_AES_256_CBC_SHA, "AES256-SHA", 256)]
    [InlineData(TlsCipherSuite.TLS_RSA_WITH_3DES_EDE_CBC_SHA, "DES-CBC3-SHA", 168)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8, "ECDHE-ECDSA-AES256-CCM8", 256)]
    [InlineData(TlsCipherSuite.TLS_DHE_RSA_WITH_AES_128_CCM, "DHE-RSA-AES128-CCM", 128)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_RSA_WITH_ARIA_256_GCM_SHA384, "ECDHE-ARIA256-GCM-SHA384", 256)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CAMELLIA_128_CBC_SHA256, "ECDHE-ECDSA-CAMELLIA128-SHA256", 128)]
    [InlineData(TlsCipherSuite.TLS_AES_128_GCM_SHA256, "TLS_AES_128_GCM_SHA256", 128)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256, "ECDHE-RSA-AES128-SHA256", 128)]
    [InlineData(TlsCipherSuite.TLS_DHE_RSA_WITH_AES_256_CBC_SHA, "DHE-RSA-AES256-SHA", 256)]
    [InlineData(TlsCipherSuite.TLS_RSA_WITH_AES_128_CCM_8, "AES128-CCM8", 128)]
    [InlineData(TlsCipherSuite.TLS_PSK_WITH_AES_128_GCM_SHA256, "PSK-AES128-GCM-SHA256", 128)]
    public void Cipher_suites_have_the_names_of_OpenSSL(TlsCipherSuite suite, string name, int bits)
    {
        var (found, size) = CipherNames.Of(suite);

        Assert.Equal(name, Encoding.ASCII.GetString(found.Span));
        Assert.Equal(bits, size);
    }
}
