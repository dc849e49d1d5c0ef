using System.Globalization;
using ProxyKit.HAProxyConfig.Files;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>The parameters of <c>bind</c> lines about the certificates of clients.</summary>
internal static class ClientCertificateKeywords
{
    private const string SystemAuthorities = "@system-ca";

    public static IEnumerable<Keyword> All =>
    [
        Runs("verify", "{none|optional|required}", static s =>
        {
            if (s.TryChoice(
                0, out var verification, ("none", ClientVerification.None), ("optional", ClientVerification.Optional), ("required", ClientVerification.Required)))
            {
                s.Bind.Clients.Verification = verification;
            }
        }),
        Runs("ca-file", "<file>", static s =>
        {
            s.Bind.Clients.TrustsSystem = s[0] == SystemAuthorities;
            s.Bind.Clients.CaPath = s[0] == SystemAuthorities ? null : AuthorityFile(s, "CA file");
        }),
        Runs("ca-verify-file", "<file>", static s => s.Bind.Clients.CaVerifyPath = AuthorityFile(s, "CA file")),
        Runs("crl-file", "<file>", static s => s.Bind.Clients.CrlPath = AuthorityFile(s, "CRL file")),
        Runs("no-ca-names", "", static s => s.Bind.Clients.IsSilent = true),
        Runs("crt-ignore-err", "<errors>", static s => s.Bind.Clients.Ignored = Codes(s)),
        Runs("ca-ignore-err", "<errors>", static s => s.Bind.Clients.IgnoredOfAuthorities = Codes(s)),
    ];

    /// <summary>A file below the directory of authorities; null, and an alert, where it cannot be read.</summary>
    /// <param name="s">The statement, whose first argument it is.</param>
    /// <param name="kind">What it is called.</param>
    public static string? AuthorityFile(Statement s, string kind)
    {
        var path = s.PathOf(s[0], s.Model.Global.AuthorityDirectory);
        if (ReferredFile.Check(path) is not { } fault)
        {
            return path;
        }

        s.Alert(0, $"unable to load {kind} '{path}': {fault}.");
        return null;
    }

    private static Keyword Runs(string name, string arguments, Action<Statement> run) => Keyword.Runs(name, Section.Bind, arguments, run);

    /// <summary>Errors by OpenSSL's numbers, as <c>10,20</c>, or <c>all</c>.</summary>
    private static (bool All, int[] Codes) Codes(Statement s)
    {
        if (s[0] == "all")
        {
            return (true, []);
        }

        var codes = new List<int>();
        foreach (var text in s[0].Split(','))
        {
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code is > 0 and < 256)
            {
                codes.Add(code);
            }
            else
            {
                s.Alert(0, $"'{s.Name}' expects 'all' or numbers of errors from 1 to 255, with commas between (got '{text}').");
            }
        }

        return (false, [.. codes]);
    }
}
