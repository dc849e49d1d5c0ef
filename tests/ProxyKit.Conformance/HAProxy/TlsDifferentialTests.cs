using System.Net;
using ProxyKit.Conformance.Clients;
using ProxyKit.Conformance.Tls;

namespace ProxyKit.Conformance.HAProxy;

/// <summary>ProxyKit and Debian's HAProxy, with the same words about versions and ciphers and the same clients: both agree on the same, and refuse the
/// same.</summary>
public sealed class TlsDifferentialTests() : TlsTest(Carrier.Sockets)
{
    private static readonly string[] Clients =
    [
        "-tls1_2",
        "-tls1_3",
        "-tls1_2 -cipher ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256",
        "-tls1_2 -cipher ECDHE-ECDSA-AES256-GCM-SHA384", // of those that .NET takes where nothing is said, which are fewer than HAProxy's
        "-tls1_3 -ciphersuites TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384",
        "-tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256",
    ];

    [Theory]
    [InlineData("ssl-min-ver TLSv1.3", "")]
    [InlineData("ssl-max-ver TLSv1.2 ciphers ECDHE+AESGCM:ECDHE+CHACHA20", "")]
    [InlineData("no-tlsv12 ciphers ECDHE+AESGCM:ECDHE+CHACHA20", "")]
    [InlineData("force-tlsv12 ciphers ECDHE+AESGCM:ECDHE+CHACHA20", "")]
    [InlineData("", "force-tlsv13")]
    [InlineData("ciphers ECDHE+AESGCM:ECDHE+SHA256:!AES128 ciphersuites TLS_AES_256_GCM_SHA384", "")]
    [InlineData("ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384 ciphersuites TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256", "")]
    [InlineData("prefer-client-ciphers ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES128-SHA256 ciphersuites TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256", "")]
    [InlineData("ciphers HIGH:!aNULL ciphersuites TLS_CHACHA20_POLY1305_SHA256 no-tlsv12", "no-tls-tickets ssl-min-ver TLSv1.2")]
    public async Task Both_agree_on_the_same(string words, string defaults)
    {
        var config = $$"""
            global
                ssl-default-bind-options {{(defaults.Length == 0 ? "ssl-min-ver TLSv1.2" : defaults)}}
            defaults
                mode http
                timeout client 10s
                timeout connect 5s
                timeout server 10s
            frontend f
                bind 127.0.0.1:{port} ssl crt {{Authority.Issue()}} {{words}}
                http-request return status 200 content-type text/plain lf-string "seen %[ssl_fc_protocol] %[ssl_fc_cipher] %[ssl_fc_use_keysize]."

            """;

        await TlsDifferential.AssertSameAsync(config, [.. Clients.Select(static c => (c, c.Split(' ')))], AskAsync);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(31)]
    [InlineData(96)]
    [InlineData(1000)]
    public async Task Both_keep_the_same_of_what_clients_say_first(int room)
    {
        var config = $$"""
            global
                tune.ssl.capture-buffer-size {{room}}
            defaults
                mode http
                timeout client 10s
                timeout connect 5s
                timeout server 10s
            frontend f
                bind 127.0.0.1:{port} ssl crt {{Authority.Issue()}}
                http-request return status 200 content-type text/plain lf-string "seen %[ssl_fc_protocol_hello_id] suites=%[ssl_fc_cipherlist_bin,hex]/%[ssl_fc_cipherlist_bin(1),hex]/%[ssl_fc_cipherlist_hex]/%[ssl_fc_cipherlist_str]/%[ssl_fc_cipherlist_xxh] extensions=%[ssl_fc_extlist_bin(1),hex] groups=%[ssl_fc_eclist_bin(1),hex] formats=%[ssl_fc_ecformats_bin,hex]."

            """;

        await TlsDifferential.AssertSameAsync(config, [.. Clients.Select(static c => (c, c.Split(' ')))], AskAsync);
    }

    private static async Task<string> AskAsync(IPEndPoint address, string[] client)
    {
        var answer = await OpenSslClient.AskAsync(address, client);
        var seen = answer.IndexOf("seen ", StringComparison.Ordinal);
        return seen < 0 ? "refused" : answer[seen..answer.IndexOf('.', answer.IndexOf(' ', seen + 13))];
    }
}
