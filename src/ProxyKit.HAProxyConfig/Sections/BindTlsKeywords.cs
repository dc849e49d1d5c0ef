using ProxyKit.HAProxyConfig.Files;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>The parameters of <c>bind</c> lines about TLS.</summary>
internal static class BindTlsKeywords
{
    public static IEnumerable<Keyword> All =>
    [
        Runs("ssl", "", static s => s.Bind.IsSecure = true),
        Runs("crt", "<file>", Certificate),
        Runs("ssl-min-ver", "<version>", static s => s.Bind.MinimumProtocol = TlsVersion.Read(s, 0)),
        Runs("alpn", "<protocols>", Protocols),
        Runs("no-alpn", "", static s => s.Bind.Protocols = []),
        Runs("verify", "{none|optional|required}", static s =>
        {
            if (s.TryChoice(0, out var verifies, ("none", false), ("optional", true), ("required", true)) && verifies)
            {
                s.Alert(0, $"'verify {s[0]}' is not supported yet: certificates of clients are not asked for.");
            }
        }),
        .. Refused(("allow-0rtt", ""), ("ca-file", "<file>"), ("ca-ignore-err", "<errors>"), ("ca-sign-file", "<file>"), ("ca-sign-pass", "<pass>"), ("ca-verify-file", "<file>"),
            ("ciphers", "<ciphers>"), ("ciphersuites", "<suites>"), ("client-sigalgs", "<sigalgs>"), ("crl-file", "<file>"), ("crt-ignore-err", "<errors>"),
            ("crt-list", "<file>"), ("curves", "<curves>"), ("default-crt", "<file>"), ("ecdhe", "<curve>"), ("ech", "<dir>"),
            ("force-sslv3", ""), ("force-tlsv10", ""), ("force-tlsv11", ""), ("force-tlsv12", ""), ("force-tlsv13", ""), ("generate-certificates", ""),
            ("no-ca-names", ""), ("no-sslv3", ""), ("no-strict-sni", ""), ("no-tls-tickets", ""), ("no-tlsv10", ""), ("no-tlsv11", ""),
            ("no-tlsv12", ""), ("no-tlsv13", ""), ("npn", "<protocols>"), ("prefer-client-ciphers", ""), ("sigalgs", "<sigalgs>"), ("ssl-max-ver", "<version>"), ("strict-sni", ""),
            ("tls-ticket-keys", "<file>"), ("tls-tickets", "")),
    ];

    private static Keyword Runs(string name, string arguments, Action<Statement> run) => Keyword.Runs(name, Section.Bind, arguments, run);

    private static IEnumerable<Keyword> Refused(params (string Name, string Arguments)[] keywords) =>
        keywords.Select(static k => Keyword.Refused(k.Name, Section.Bind, k.Arguments));

    private static void Certificate(Statement s)
    {
        var path = ReferredFile.PathOf(s[0], s.Model.Global.CertificateDirectory);
        if (s.Bind.Certificate is not null)
        {
            s.Alert("several 'crt' in one 'bind' are not supported yet.");
        }
        else if (Directory.Exists(path))
        {
            s.Alert(0, $"'crt {s[0]}': a directory of certificates is not supported yet: name one file.");
        }
        else if (ReferredFile.Check(path) is { } fault)
        {
            s.Alert(0, $"unable to load SSL certificate from PEM file '{path}': {fault}.");
        }
        else
        {
            s.Bind.Certificate = (path, s.PlaceOf(0));
        }
    }

    private static void Protocols(Statement s)
    {
        var protocols = s[0].Split(',');
        if (protocols.Contains("h2") || protocols.Contains("h3"))
        {
            s.Warning(0, $"'alpn {s[0]}': HTTP/2 and HTTP/3 are not supported yet and are not offered.");
        }

        s.Bind.Protocols = [.. protocols.Where(static p => p is not ("" or "h2" or "h3"))];
    }
}
