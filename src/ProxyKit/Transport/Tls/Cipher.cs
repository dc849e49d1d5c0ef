using System.Net.Security;
using System.Text;

namespace ProxyKit.Transport.Tls;

/// <summary>A cipher suite of TLS 1.2 or before, with what lists of ciphers select it by. All of that is in its registered name.</summary>
internal sealed class Cipher
{
    private Cipher(TlsCipherSuite suite)
    {
        var registered = suite.ToString();
        var with = registered.IndexOf("_WITH_", StringComparison.Ordinal);
        Suite = suite;
        RegisteredName = registered;
        Name = Encoding.ASCII.GetString(CipherNames.Of(suite).Name.Span);
        (KeyExchange, Signature) = PartsOf(registered["TLS_".Length..with]);
        Encryption = registered[(with + "_WITH_".Length)..];
        IsAuthenticated = Encryption.Contains("GCM", StringComparison.Ordinal) || Encryption.Contains("CCM", StringComparison.Ordinal)
            || Encryption.Contains("POLY1305", StringComparison.Ordinal);
        Digest = IsAuthenticated ? "" : Encryption[(Encryption.LastIndexOf('_') + 1)..];
        Version = IsAuthenticated || (Digest != "SHA" && !KeyExchange.EndsWith("PSK", StringComparison.Ordinal)) ? "TLSv1.2"
            : Digest != "SHA" || KeyExchange.StartsWith("ECDHE", StringComparison.Ordinal) ? "TLSv1"
            : "SSLv3";
    }

    /// <summary>All that OpenSSL 3 has and that encrypt, the one that it prefers first.</summary>
    public static IReadOnlyList<Cipher> All { get; } = [.. ((ushort[])
    [
        0xC02C, 0xC030, 0x00A3, 0x009F, 0xCCA9, 0xCCA8, 0xCCAA, 0xC0AF, 0xC0AD, 0xC0A3, 0xC09F, 0xC05D, 0xC061, 0xC057,
        0xC053, 0x00A7, 0xC02B, 0xC02F, 0x00A2, 0x009E, 0xC0AE, 0xC0AC, 0xC0A2, 0xC09E, 0xC05C, 0xC060, 0xC056, 0xC052,
        0x00A6, 0xC024, 0xC028, 0x006B, 0x006A, 0xC073, 0xC077, 0x00C4, 0x00C3, 0x006D, 0x00C5, 0xC023, 0xC027, 0x0067,
        0x0040, 0xC072, 0xC076, 0x00BE, 0x00BD, 0x006C, 0x00BF, 0xC00A, 0xC014, 0x0039, 0x0038, 0x0088, 0x0087, 0xC019,
        0x003A, 0x0089, 0xC009, 0xC013, 0x0033, 0x0032, 0x0045, 0x0044, 0xC018, 0x0034, 0x0046, 0x00AD, 0x00AB, 0xCCAE,
        0xCCAD, 0xCCAC, 0xC0AB, 0xC0A7, 0xC06F, 0xC06D, 0x009D, 0xC0A1, 0xC09D, 0xC051, 0x00A9, 0xCCAB, 0xC0A9, 0xC0A5,
        0xC06B, 0x00AC, 0x00AA, 0xC0AA, 0xC0A6, 0xC06E, 0xC06C, 0x009C, 0xC0A0, 0xC09C, 0xC050, 0x00A8, 0xC0A8, 0xC0A4,
        0xC06A, 0x003D, 0x00C0, 0x003C, 0x00BA, 0xC038, 0xC036, 0xC022, 0xC021, 0xC020, 0x00B7, 0x00B3, 0x0095, 0x0091,
        0xC09B, 0xC099, 0xC097, 0x0035, 0x0084, 0x00AF, 0x008D, 0xC095, 0xC037, 0xC035, 0xC01F, 0xC01E, 0xC01D, 0x00B6,
        0x00B2, 0x0094, 0x0090, 0xC09A, 0xC098, 0xC096, 0x002F, 0x0041, 0x00AE, 0x008C, 0xC094,
    ]).Select(static number => new Cipher((TlsCipherSuite)number))];

    public TlsCipherSuite Suite { get; }

    /// <summary>Its name in OpenSSL.</summary>
    public string Name { get; }

    public string RegisteredName { get; }

    /// <summary>How the key is agreed on: <c>RSA</c>, <c>DHE</c>, <c>ECDHE</c>, <c>SRP</c>, <c>PSK</c> and the three of these with <c>PSK</c> behind.</summary>
    public string KeyExchange { get; }

    /// <summary>Whose key proves who the server is: <c>RSA</c>, <c>ECDSA</c>, <c>DSS</c>, <c>PSK</c>, <c>SRP</c>; empty for nobody's.</summary>
    public string Signature { get; }

    /// <summary>As it is registered: <c>AES_128_GCM_SHA256</c>.</summary>
    public string Encryption { get; }

    /// <summary>Whether encryption and proof are one (AEAD).</summary>
    public bool IsAuthenticated { get; }

    /// <summary>What proves the data where encryption does not: <c>SHA</c>, <c>SHA256</c>, <c>SHA384</c>; empty otherwise.</summary>
    public string Digest { get; }

    /// <summary>The version of TLS that brought it.</summary>
    public string Version { get; }

    /// <summary>The bits of its key.</summary>
    public int Bits => Encryption.Contains("_256_", StringComparison.Ordinal) || Encryption.StartsWith("CHACHA20", StringComparison.Ordinal) ? 256 : 128;

    /// <summary>Whether it is of a family.</summary>
    public bool Encrypts(string family, string mode = "") =>
        Encryption.StartsWith(family, StringComparison.Ordinal) && Encryption.Contains(mode, StringComparison.Ordinal);

    private static (string KeyExchange, string Signature) PartsOf(string exchange) => exchange switch
    {
        "RSA" => ("RSA", "RSA"),
        "DH_anon" => ("DHE", ""),
        "ECDH_anon" => ("ECDHE", ""),
        "PSK_DHE" => ("DHEPSK", "PSK"),
        "RSA_PSK" => ("RSAPSK", "RSA"),
        "SRP_SHA" => ("SRP", "SRP"),
        "SRP_SHA_RSA" => ("SRP", "RSA"),
        "SRP_SHA_DSS" => ("SRP", "DSS"),
        _ when exchange.EndsWith("PSK", StringComparison.Ordinal) => (exchange.Replace("_", "", StringComparison.Ordinal), "PSK"),
        _ => (exchange[..exchange.IndexOf('_', StringComparison.Ordinal)], exchange[(exchange.IndexOf('_', StringComparison.Ordinal) + 1)..]),
    };
}
