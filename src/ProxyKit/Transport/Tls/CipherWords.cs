namespace ProxyKit.Transport.Tls;

/// <summary>The words of OpenSSL's lists of ciphers, and what each stands for.</summary>
internal static class CipherWords
{
    private static readonly Dictionary<string, Predicate<Cipher>> Words = new(StringComparer.Ordinal)
    {
        ["ALL"] = static _ => true,
        ["COMPLEMENTOFDEFAULT"] = static c => !IsDefault(c),
        ["HIGH"] = static _ => true, // the weak ones are gone
        ["FIPS"] = static c => c.Encrypts("AES_") && !c.Encrypts("AES_", "CCM") && c.KeyExchange != "SRP",

        ["kRSA"] = static c => c.KeyExchange == "RSA",
        ["kDHE"] = static c => c.KeyExchange == "DHE",
        ["kEDH"] = static c => c.KeyExchange == "DHE",
        ["DH"] = static c => c.KeyExchange == "DHE",
        ["kECDHE"] = static c => c.KeyExchange == "ECDHE",
        ["kEECDH"] = static c => c.KeyExchange == "ECDHE",
        ["ECDH"] = static c => c.KeyExchange == "ECDHE",
        ["kPSK"] = static c => c.KeyExchange == "PSK",
        ["kRSAPSK"] = static c => c.KeyExchange == "RSAPSK",
        ["kDHEPSK"] = static c => c.KeyExchange == "DHEPSK",
        ["kECDHEPSK"] = static c => c.KeyExchange == "ECDHEPSK",
        ["kSRP"] = static c => c.KeyExchange == "SRP",

        ["aRSA"] = static c => c.Signature == "RSA",
        ["aECDSA"] = static c => c.Signature == "ECDSA",
        ["ECDSA"] = static c => c.Signature == "ECDSA",
        ["aDSS"] = static c => c.Signature == "DSS",
        ["DSS"] = static c => c.Signature == "DSS",
        ["aPSK"] = static c => c.Signature == "PSK",
        ["aSRP"] = static c => c.Signature == "SRP",
        ["aNULL"] = static c => c.Signature.Length == 0,

        ["RSA"] = static c => c is { KeyExchange: "RSA", Signature: "RSA" },
        ["DHE"] = static c => c is { KeyExchange: "DHE", Signature.Length: > 0 },
        ["EDH"] = static c => c is { KeyExchange: "DHE", Signature.Length: > 0 },
        ["ECDHE"] = static c => c is { KeyExchange: "ECDHE", Signature.Length: > 0 },
        ["EECDH"] = static c => c is { KeyExchange: "ECDHE", Signature.Length: > 0 },
        ["ADH"] = static c => c is { KeyExchange: "DHE", Signature.Length: 0 },
        ["AECDH"] = static c => c is { KeyExchange: "ECDHE", Signature.Length: 0 },
        ["PSK"] = static c => c.KeyExchange.EndsWith("PSK", StringComparison.Ordinal),
        ["SRP"] = static c => c.KeyExchange == "SRP",

        ["AES"] = static c => c.Encrypts("AES_"),
        ["AES128"] = static c => c.Encrypts("AES_128"),
        ["AES256"] = static c => c.Encrypts("AES_256"),
        ["AESGCM"] = static c => c.Encrypts("AES_", "GCM"),
        ["AESCCM"] = static c => c.Encrypts("AES_", "CCM"),
        ["AESCCM8"] = static c => c.Encrypts("AES_", "CCM_8"),
        ["ARIA"] = static c => c.Encrypts("ARIA_"),
        ["ARIAGCM"] = static c => c.Encrypts("ARIA_"),
        ["ARIA128"] = static c => c.Encrypts("ARIA_128"),
        ["ARIA256"] = static c => c.Encrypts("ARIA_256"),
        ["CAMELLIA"] = static c => c.Encrypts("CAMELLIA_"),
        ["CAMELLIA128"] = static c => c.Encrypts("CAMELLIA_128"),
        ["CAMELLIA256"] = static c => c.Encrypts("CAMELLIA_256"),
        ["CHACHA20"] = static c => c.Encrypts("CHACHA20"),
        ["CBC"] = static c => !c.IsAuthenticated,

        ["SHA"] = static c => c.Digest == "SHA",
        ["SHA1"] = static c => c.Digest == "SHA",
        ["SHA256"] = static c => c.Digest == "SHA256",
        ["SHA384"] = static c => c.Digest == "SHA384",

        ["SSLv3"] = static c => c.Version == "SSLv3",
        ["TLSv1"] = static c => c.Version == "TLSv1",
        ["TLSv1.0"] = static c => c.Version == "TLSv1",
        ["TLSv1.2"] = static c => c.Version == "TLSv1.2",
    };

    /// <summary>Words for what OpenSSL 3 no longer has, or is never built with: nothing is selected by them.</summary>
    private static readonly HashSet<string> Gone = new(StringComparer.Ordinal)
    {
        "LOW", "MEDIUM", "EXP", "EXPORT", "EXPORT40", "EXPORT56", "SSLv2", "3DES", "DES", "RC2", "RC4", "IDEA", "SEED", "MD5", "FZA",
        "GOST89", "GOST89MAC", "GOST94", "GOST12", "kGOST", "kGOST18", "aGOST", "aGOST01", "aGOST12", "KRB5", "kKRB5", "aKRB5",
        "kDH", "kDHr", "kDHd", "aDH", "kECDH", "kECDHr", "kECDHe", "aECDH",
    };

    /// <summary>Parts of the names of ciphers that are gone.</summary>
    private static readonly string[] PartsOfGone = ["RC4", "RC2", "DES-CBC", "IDEA", "SEED", "GOST"];

    private static readonly HashSet<string> Unencrypted = new(StringComparer.Ordinal) { "eNULL", "NULL", "COMPLEMENTOFALL" };

    private static readonly Dictionary<string, Cipher> Names = Cipher.All
        .SelectMany(static c => (IEnumerable<(string Name, Cipher Cipher)>)[(c.Name, c), (c.RegisteredName, c)])
        .DistinctBy(static n => n.Name)
        .ToDictionary(static n => n.Name, static n => n.Cipher, StringComparer.Ordinal);

    /// <summary>Whether a word is for those that do not encrypt.</summary>
    public static bool IsUnencrypted(string word) => Unencrypted.Contains(word) || word.Contains("NULL-", StringComparison.Ordinal);

    /// <summary>What a word selects; null where it is none.</summary>
    public static Predicate<Cipher>? Find(string word) =>
        Words.TryGetValue(word, out var selects) ? selects
        : Names.TryGetValue(word, out var named) ? cipher => cipher == named
        : Gone.Contains(word) || IsUnencrypted(word) || Array.Exists(PartsOfGone, part => word.Contains(part, StringComparison.Ordinal)) ? static _ => false
        : null;

    /// <summary>Whether it is one of those that OpenSSL takes where nothing is said.</summary>
    public static bool IsDefault(Cipher cipher) => cipher.Signature is not ("" or "DSS")
        && (cipher.Encrypts("AES_") || cipher.Encrypts("CHACHA20")) && !cipher.Encrypts("AES_", "CCM");
}
