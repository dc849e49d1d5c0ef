using ProxyKit.HAProxyConfig.Files;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>The parameters of servers about TLS.</summary>
internal static class ServerTlsKeywords
{
    public static IEnumerable<Keyword> All =>
    [
        Runs("ssl", "", static s => s.Server.IsSecure = true),
        Runs("no-ssl", "", static s => s.Server.IsSecure = false),
        .. Details.Select(static k => k.After(static s => s.Server.TlsWord ??= (s.Name, s.Place))),
    ];

    /// <summary>What says something of TLS, and does nothing without it.</summary>
    private static IEnumerable<Keyword> Details =>
    [
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
            var path = s.PathOf(s[0], s.Model.Global.CertificateDirectory);
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
        .. TlsKeywords.Of(Section.Server, static s => s.Server.Tls),
        Runs("ssl-reuse", "", static s => s.Server.Tls.ResumesSessions = true),
        Runs("no-ssl-reuse", "", static s => s.Server.Tls.ResumesSessions = false),
        Runs("alpn", "<protocols>", static s =>
        {
            if (s[0] != "http/1.1")
            {
                s.Alert(0, $"'alpn {s[0]}' is not supported yet: servers are spoken to in HTTP/1.");
                return;
            }

            s.Server.Protocols = [s[0]];
        }),
        Runs("no-alpn", "", static s => s.Server.Protocols = []),
        Runs("renegotiate", "", static s => s.Server.AllowsRenegotiation = true),
        Runs("no-renegotiate", "", static s => s.Server.AllowsRenegotiation = false),
        .. Refused(TlsKeywords.NoEarlyData, ("allow-0rtt", "")),
        .. Refused(TlsKeywords.NoKernel, ("ktls", "<on|off>")),
        .. Refused(TlsKeywords.NoNpn, ("npn", "<protocols>")),
    ];

    private static Keyword Runs(string name, string arguments, Action<Statement> run) => Keyword.Runs(name, Section.Server, arguments, run);

    private static IEnumerable<Keyword> Refused(string note, params (string Name, string Arguments)[] keywords) =>
        keywords.Select(k => Keyword.Refused(k.Name, Section.Server, k.Arguments, note));

    private static void Authority(Statement s)
    {
        var path = s[0] == "@system-ca" ? s[0] : s.PathOf(s[0], s.Model.Global.AuthorityDirectory);
        if (path != "@system-ca" && ReferredFile.Check(path) is { } fault)
        {
            s.Alert(0, $"unable to load CA file '{path}': {fault}.");
        }
        else
        {
            s.Server.Authority = (path, s.PlaceOf(0));
        }
    }

    /// <summary>A name that is always the same is one of the connection's options, so that it serves all.</summary>
    private static void Name(Statement s)
    {
        if (s[0].StartsWith("str(", StringComparison.Ordinal) && s[0].EndsWith(')') && !s[0].Contains(',', StringComparison.Ordinal))
        {
            var name = s[0][4..^1].Trim('"', '\'');
            (s.Server.ServerName, s.Server.ServerNameExpression) = (name.Length == 0 ? null : name, null);
            s.Server.HasNoAutomaticName = name.Length == 0 ? true : s.Server.HasNoAutomaticName; // which sends none, and is no name to verify
        }
        else if (CheckFormat.ReadExpression(s, 0) is { } expression)
        {
            (s.Server.ServerName, s.Server.ServerNameExpression) = (null, expression);
        }
    }
}
