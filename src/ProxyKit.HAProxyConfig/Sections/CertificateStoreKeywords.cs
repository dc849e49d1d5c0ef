using ProxyKit.HAProxyConfig.Files;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>What stands in a <c>crt-store</c> section.</summary>
internal static class CertificateStoreKeywords
{
    public static IEnumerable<Keyword> All =>
    [
        Keyword.Runs("crt-base", Section.CrtStore, "<dir>", static s => Of(s).CertificateDirectory = s[0]),
        Keyword.Runs("key-base", Section.CrtStore, "<dir>", static s => Of(s).KeyDirectory = s[0]),
        Keyword.Runs("load", Section.CrtStore, "crt <file> [key <file>] [alias <name>] ...", Load),
    ];

    private static CertificateStore Of(Statement s) => (CertificateStore)s.Target!; // its keywords stand in nothing else

    private static void Load(Statement s)
    {
        string? certificate = null, key = null, alias = null;
        bool? staples = null;
        for (var i = 0; i < s.Count; i += 2)
        {
            if (i + 1 == s.Count)
            {
                s.Alert(i, $"'load' expects something behind '{s[i]}'.");
                return;
            }

            switch (s[i])
            {
                case "crt":
                    certificate = s[i + 1];
                    break;
                case "key":
                    key = s[i + 1];
                    break;
                case "alias":
                    alias = s[i + 1];
                    break;
                case "ocsp-update":
                    staples = OcspKeywords.Read(s, i + 1);
                    break;
                case "ocsp" or "issuer" or "sctl" or "acme" or "domains" or "jwt" or "generate-dummy" or "keytype" or "bits" or "curves":
                    s.Alert(i, $"'load': '{s[i]}' is not supported yet.");
                    return;
                default:
                    s.Alert(i, $"'load': unknown parameter '{s[i]}'.");
                    return;
            }
        }

        if (certificate is null)
        {
            s.Alert("'load' expects 'crt' and a file.");
            return;
        }

        var (store, global) = (Of(s), s.Model.Global);
        var path = s.PathOf(certificate, store.CertificateDirectory ?? global.CertificateDirectory);
        var keyPath = key is null ? null : s.PathOf(key, store.KeyDirectory ?? global.KeyDirectory);
        if (ReferredFile.Check(path) is { } fault)
        {
            s.Alert($"unable to load SSL certificate from PEM file '{path}': {fault}.");
        }
        else if (keyPath is not null && ReferredFile.Check(keyPath) is { } keyFault)
        {
            s.Alert($"unable to load SSL private key from file '{keyPath}': {keyFault}.");
        }
        else if (store.Certificates.Exists(c => c.Name == (alias ?? certificate)))
        {
            s.Alert($"'load': there is a certificate '{alias ?? certificate}' in this store already.");
        }
        else
        {
            store.Certificates.Add(new StoredCertificate(alias ?? certificate, path, keyPath, staples));
        }
    }
}
