using ProxyKit.HAProxyConfig.Files;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>The parameters of <c>bind</c> lines about TLS.</summary>
internal static class BindTlsKeywords
{
    public static IEnumerable<Keyword> All =>
    [
        Runs("ssl", "", static s => s.Bind.IsSecure = true),
        .. Details.Select(static k => k.After(static s => s.Bind.TlsWord ??= (s.Name, s.Place))),
    ];

    /// <summary>What says something of TLS, and does nothing without it.</summary>
    private static IEnumerable<Keyword> Details =>
    [
        Runs("crt", "<file>", static s => Certificate(s, isDefault: false)),
        Runs("default-crt", "<file>", static s => Certificate(s, isDefault: true)),
        Runs("crt-list", "<file>", CertificateLists.Read),
        Runs("strict-sni", "", static s => s.Bind.Tls.IsStrict = true),
        Runs("no-strict-sni", "", static s => s.Bind.Tls.IsStrict = false),
        Runs("prefer-client-ciphers", "", static s => s.Bind.Tls.PrefersClientCiphers = true),
        Runs("ecdhe", "<curve>", TlsKeywords.ReadCurves),
        .. TlsKeywords.Of(Section.Bind, static s => s.Bind.Tls),
        Runs("alpn", "<protocols>", Protocols),
        Runs("no-alpn", "", static s => s.Bind.Protocols = []),
        .. ClientCertificateKeywords.All,
        .. Refused(TlsKeywords.NoEarlyData, ("allow-0rtt", "")),
        .. Refused("certificates come from files, and are made for nobody", ("ca-sign-file", "<file>"), ("ca-sign-pass", "<pass>"), ("generate-certificates", "")),
        .. Refused(".NET knows no encrypted hello", ("ech", "<dir>")),
        .. Refused(TlsKeywords.NoNpn, ("npn", "<protocols>")),
        .. Refused(".NET makes the keys of tickets itself", ("tls-ticket-keys", "<file>")),
    ];

    private static Keyword Runs(string name, string arguments, Action<Statement> run) => Keyword.Runs(name, Section.Bind, arguments, run);

    private static IEnumerable<Keyword> Refused(string note, params (string Name, string Arguments)[] keywords) =>
        keywords.Select(k => Keyword.Refused(k.Name, Section.Bind, k.Arguments, note));

    private static void Certificate(Statement s, bool isDefault)
    {
        if (CertificateStore.Find(s, s[0]) is not { } certificate)
        {
            s.Alert(0, $"there is no certificate '{s[0]}' in a 'crt-store' section above.");
        }
        else if (ReferredFile.CheckCertificate(certificate.Path) is { } fault)
        {
            s.Alert(0, $"unable to load SSL certificate from PEM file '{certificate.Path}': {fault}.");
        }
        else
        {
            certificate.IsDefault = isDefault;
            s.Bind.Certificates.Add(certificate);
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
