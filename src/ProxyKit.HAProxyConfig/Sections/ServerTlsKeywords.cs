using ProxyKit.HAProxyConfig.Files;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>The parameters of servers about TLS.</summary>
internal static class ServerTlsKeywords
{
    public static IEnumerable<Keyword> All =>
    [
        Runs("ssl", "", static s => s.Server.IsSecure = true),
        Runs("no-ssl", "", static s => s.Server.IsSecure = false),
        Runs("verify", "{none|required}", static s =>
        {
            if (s.TryChoice(0, out var verifies, ("none", false), ("required", true)))
            {
                s.Server.Verifies = verifies;
            }
        }),
        Runs("ca-file", "<file>", Authority),
        Runs("crl-file", "<file>", static s => s.Server.RevocationPath = ClientCertificateKeywords.AuthorityFile(s, "CRL file")),
        Runs("crt", "<cert>", static s =>
        {
            var path = ReferredFile.PathOf(s[0], s.Model.Global.CertificateDirectory);
            if (ReferredFile.Check(path) is { } fault)
            {
                s.Alert(0, $"unable to load SSL certificate from PEM file '{path}': {fault}.");
            }
            else
            {
                s.Server.CertificatePath = path;
            }
        }),
        Runs("verifyhost", "<name>", static s => s.Server.VerifiedName = s[0]),
        Runs("sni", "<expression>", Name),
        Runs("sni-auto", "", static s => s.Server.HasNoAutomaticName = false),
        Runs("no-sni-auto", "", static s => s.Server.HasNoAutomaticName = true),
        Runs("ssl-min-ver", "<version>", static s => s.Server.MinimumProtocol = TlsVersion.Read(s, 0)),
        Runs("alpn", "<protocols>", static s =>
        {
            if (s[0] != "http/1.1")
            {
                s.Alert(0, $"'alpn {s[0]}' is not supported yet: servers are spoken to in HTTP/1.");
            }
        }),
        Runs("no-alpn", "", static _ => { }),
        Keyword.Accepted("ssl-reuse", Section.Server, "", "the system's TLS library resumes sessions as it sees fit"),
        .. Refused(("allow-0rtt", ""), ("ciphers", "<ciphers>"), ("ciphersuites", "<suites>"),
            ("client-sigalgs", "<sigalgs>"), ("curves", "<curves>"), ("force-sslv3", ""), ("force-tlsv10", ""),
            ("force-tlsv11", ""), ("force-tlsv12", ""), ("force-tlsv13", ""), ("ktls", "<on|off>"), ("no-renegotiate", ""), ("no-ssl-reuse", ""),
            ("no-sslv3", ""), ("no-tls-tickets", ""), ("no-tlsv10", ""), ("no-tlsv11", ""), ("no-tlsv12", ""), ("no-tlsv13", ""), ("npn", "<protocols>"),
            ("renegotiate", ""), ("sigalgs", "<sigalgs>"), ("ssl-max-ver", "<version>"), ("tls-tickets", "")),
    ];

    private static Keyword Runs(string name, string arguments, Action<Statement> run) => Keyword.Runs(name, Section.Server, arguments, run);

    private static IEnumerable<Keyword> Refused(params (string Name, string Arguments)[] keywords) =>
        keywords.Select(static k => Keyword.Refused(k.Name, Section.Server, k.Arguments));

    private static void Authority(Statement s)
    {
        var path = s[0] == "@system-ca" ? s[0] : ReferredFile.PathOf(s[0], s.Model.Global.AuthorityDirectory);
        if (path != "@system-ca" && ReferredFile.Check(path) is { } fault)
        {
            s.Alert(0, $"unable to load CA file '{path}': {fault}.");
        }
        else
        {
            s.Server.Authority = (path, s.PlaceOf(0));
        }
    }

    private static void Name(Statement s)
    {
        if (s[0].StartsWith("str(", StringComparison.Ordinal) && s[0].EndsWith(')') && !s[0].Contains(',', StringComparison.Ordinal))
        {
            s.Server.ServerName = s[0][4..^1].Trim('"', '\'');
        }
        else
        {
            s.Alert(0, $"'sni {s[0]}' is not supported yet: a server's name is always the same, as in 'sni str(name)'.");
        }
    }
}
