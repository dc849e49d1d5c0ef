using System.Security.Authentication;
using ProxyKit.Transport.Tls;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>The parameters about versions of TLS, ciphers and sessions: of <c>bind</c>, of <c>server</c>, and what <c>global</c> says for all of
/// either.</summary>
internal static class TlsKeywords
{
    private const string OldVersions = "the system's OpenSSL speaks no version of TLS before 1.2, whatever is said";

    private static readonly (string Name, Action<TlsSettings> Set)[] Common =
    [
        ("force-tlsv12", static t => t.Minimum = t.Maximum = SslProtocols.Tls12),
        ("force-tlsv13", static t => t.Minimum = t.Maximum = SslProtocols.Tls13),
        ("no-sslv3", static t => t.Excludes = true), // nobody speaks it, nor the next two
        ("no-tlsv10", static t => t.Excludes = true),
        ("no-tlsv11", static t => t.Excludes = true),
        ("no-tlsv12", static t => Exclude(t, SslProtocols.Tls12)),
        ("no-tlsv13", static t => Exclude(t, SslProtocols.Tls13)),
        ("tls-tickets", static t => t.ResumesSessions = true),
    ];

    private static readonly string[] OldForced = ["force-sslv3", "force-tlsv10", "force-tlsv11"];

    /// <summary>Curves that TLS knows by OpenSSL's names, and whether every platform offers them.</summary>
    private static readonly Dictionary<string, bool> Curves = new(StringComparer.OrdinalIgnoreCase)
    {
        ["X25519"] = true, ["prime256v1"] = true, ["P-256"] = true, ["secp256r1"] = true, ["secp384r1"] = true, ["P-384"] = true, ["secp521r1"] = true, ["P-521"] = true,
        ["X448"] = true, ["ffdhe2048"] = false, ["ffdhe3072"] = false, ["ffdhe4096"] = false, ["ffdhe6144"] = false, ["ffdhe8192"] = false,
        ["X25519MLKEM768"] = false, ["SecP256r1MLKEM768"] = false, ["SecP384r1MLKEM1024"] = false, ["MLKEM512"] = false, ["MLKEM768"] = false, ["MLKEM1024"] = false,
    };

    /// <summary>The parameters that binds and servers share.</summary>
    /// <param name="section">Which of the two.</param>
    /// <param name="settings">Where they are kept.</param>
    public static IEnumerable<Keyword> Of(Section section, Func<Statement, TlsSettings> settings) =>
    [
        .. Common.Select(c => Keyword.Runs(c.Name, section, "", s => c.Set(settings(s)))),
        Keyword.Runs("no-tls-tickets", section, "", s => NoTickets(s, settings(s), -1)),
        Keyword.Runs("ssl-min-ver", section, "<version>", s => settings(s).Minimum = TlsVersion.Read(s, "ssl-min-ver", 0)),
        Keyword.Runs("ssl-max-ver", section, "<version>", s => settings(s).Maximum = TlsVersion.Read(s, "ssl-max-ver", 0)),
        Keyword.Runs("ciphers", section, "<ciphers>", s => settings(s).Ciphers = Ciphers(s)),
        Keyword.Runs("ciphersuites", section, "<suites>", s => settings(s).CipherSuites = Suites(s)),
        Keyword.Runs("curves", section, "<curves>", ReadCurves),
        .. OldForced.Select(name => Keyword.Refused(name, section, "", OldVersions)),
        .. ((string[])["sigalgs", "client-sigalgs"]).Select(name => Keyword.Refused(name, section, "<sigalgs>", ".NET lets nobody choose the algorithms of signatures")),
    ];

    /// <summary>Why there is no early data.</summary>
    public const string NoEarlyData = ".NET takes and sends no early data";

    /// <summary>Why the kernel encrypts nothing.</summary>
    public const string NoKernel = ".NET encrypts in the process";

    /// <summary>Why there is no NPN.</summary>
    public const string NoNpn = "nobody speaks it any more, use 'alpn'";

    /// <summary>What <c>global</c> says.</summary>
    public static IEnumerable<Keyword> OfGlobal =>
    [
        .. Defaults("bind", static s => s.Model.Global.BindTls),
        .. Defaults("server", static s => s.Model.Global.ServerTls),
        Keyword.Runs("issuers-chain-path", Section.Global, "<dir>", static s =>
        {
            var path = s.PathOf(s[0]);
            if (Directory.Exists(path))
            {
                s.Model.Global.IssuersDirectory = path;
            }
            else
            {
                s.Alert(0, $"'{s.Name}': there is no directory '{path}'.");
            }
        }),
        Keyword.Runs("tune.ssl.capture-buffer-size", Section.Global, "<bytes>", ReadCaptureSize),
        Keyword.Runs("tune.ssl.capture-cipherlist-size", Section.Global, "<bytes>", ReadCaptureSize),
        Keyword.Runs("ssl-skip-self-issued-ca", Section.Global, "", static _ => { }), // .NET sends no root in any case
        Keyword.Accepted("ssl-load-extra-files", Section.Global, "...", "beside a certificate its key is looked for, and nothing else"),
        Keyword.Accepted("ssl-load-extra-del-ext", Section.Global, "", "a key is looked for with '.key' behind the name, and in place of its extension"),
        Keyword.Accepted("ssl-dh-param-file", Section.Global, "<file>", "the .NET platform agrees on no key by DHE with clients, for which the parameters are"),
        Keyword.Accepted("tune.ssl.default-dh-param", Section.Global, "<number>", "the .NET platform agrees on no key by DHE with clients, for which the parameters are"),
    ];

    private static IEnumerable<Keyword> Defaults(string kind, Func<Statement, TlsSettings> settings) =>
    [
        Keyword.Runs($"ssl-default-{kind}-options", Section.Global, "<option> ...", s => Options(s, settings(s), isBind: kind == "bind")),
        Keyword.Runs($"ssl-default-{kind}-ciphers", Section.Global, "<ciphers>", s => settings(s).Ciphers = Ciphers(s)),
        Keyword.Runs($"ssl-default-{kind}-ciphersuites", Section.Global, "<suites>", s => settings(s).CipherSuites = Suites(s)),
        Keyword.Runs($"ssl-default-{kind}-curves", Section.Global, "<curves>", ReadCurves),
        .. ((string[])["sigalgs", "client-sigalgs"]).Select(
            name => Keyword.Refused($"ssl-default-{kind}-{name}", Section.Global, "<sigalgs>", ".NET lets nobody choose the algorithms of signatures")),
    ];

    /// <summary>The list of a <c>curves</c> or <c>ecdhe</c>. The platform has no door for it: nothing is refused of what it offers anyway, and what is done is said.</summary>
    public static void ReadCurves(Statement s)
    {
        var names = s[0].Split([':', ','], StringSplitOptions.RemoveEmptyEntries);
        if (Array.Find(names, static n => !Curves.ContainsKey(n)) is { } unknown)
        {
            s.Alert(0, $"'{s.Name}': '{unknown}' is no curve that TLS has.");
        }
        else if (!names.Any(static n => Curves[n]))
        {
            s.Alert(0, $"'{s.Name} {s[0]}' is not supported: .NET lets nobody choose the curves, and the system's OpenSSL offers others too.");
        }
        else
        {
            s.Notice(0, $"'{s.Name} {s[0]}' changes nothing: .NET lets nobody choose the curves. The system's OpenSSL offers its own: X25519, P-256, X448, P-521 and P-384, "
                + "and newer ones where it has them, unless openssl.cnf says otherwise ('Groups').");
        }
    }

    private static void ReadCaptureSize(Statement s)
    {
        if (s.TryInteger(0, 0, int.MaxValue, out var size))
        {
            s.Model.Global.CapturedHelloBytes = size == 0 ? null : size;
        }
    }

    private static void Exclude(TlsSettings settings, SslProtocols version)
    {
        settings.Excludes = true;
        settings.Excluded |= version;
    }

    private static void NoTickets(Statement s, TlsSettings settings, int index)
    {
        settings.ResumesSessions = false;
        s.Notice(index, "'no-tls-tickets': no session is taken up again then; .NET has none without tickets.");
    }

    private static void Options(Statement s, TlsSettings settings, bool isBind)
    {
        for (var i = 0; i < s.Count; i++)
        {
            switch (s[i])
            {
                case "ssl-min-ver":
                    settings.Minimum = TlsVersion.Read(s, s[i], ++i) ?? settings.Minimum;
                    break;
                case "ssl-max-ver":
                    settings.Maximum = TlsVersion.Read(s, s[i], ++i) ?? settings.Maximum;
                    break;
                case "no-tls-tickets":
                    NoTickets(s, settings, i);
                    break;
                case "no-ssl-reuse" or "ssl-reuse" when !isBind:
                    settings.ResumesSessions = s[i] == "ssl-reuse";
                    break;
                case "prefer-client-ciphers" when isBind:
                    settings.PrefersClientCiphers = true;
                    break;
                case "strict-sni" or "no-strict-sni" when isBind:
                    settings.IsStrict = s[i] == "strict-sni";
                    break;
                default:
                    if (Array.Find(Common, c => c.Name == s[i]).Set is { } set)
                    {
                        set(settings);
                    }
                    else
                    {
                        s.Alert(i, OldForced.Contains(s[i]) ? $"'{s[i]}' is not supported: {OldVersions}." : $"'{s[i]}' is not supported yet in '{s.Name}'.");
                    }

                    break;
            }
        }
    }

    private static string? Ciphers(Statement s)
    {
        if (CipherList.TryRead(s[0], out _, out var fault))
        {
            return s[0];
        }

        s.Alert(0, $"'{s.Name}': {fault}.");
        return null;
    }

    private static string? Suites(Statement s)
    {
        if (CipherList.TryReadSuites(s[0], out _, out var fault))
        {
            return s[0];
        }

        s.Alert(0, $"'{s.Name}': {fault}.");
        return null;
    }
}
