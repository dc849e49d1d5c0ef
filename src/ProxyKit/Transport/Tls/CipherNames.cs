using System.Collections.Frozen;
using System.Net.Security;
using System.Text;

namespace ProxyKit.Transport.Tls;

/// <summary>What OpenSSL calls the cipher suites, made from their registered names by OpenSSL's own habits.</summary>
internal static class CipherNames
{
    private static readonly FrozenDictionary<TlsCipherSuite, (byte[] Name, int Bits)> Suites = Enum.GetValues<TlsCipherSuite>()
        .Distinct()
        .ToFrozenDictionary(static suite => suite, static suite => (Encoding.ASCII.GetBytes(NameOf(suite.ToString())), BitsOf(suite.ToString())));

    /// <summary>The name of a suite and the bits of its key; an empty name where it has none.</summary>
    public static (ReadOnlyMemory<byte> Name, int Bits) Of(TlsCipherSuite suite) =>
        Suites.TryGetValue(suite, out var found) ? (found.Name, found.Bits) : default;

    /// <summary>As in <c>TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256</c>, which is <c>ECDHE-RSA-AES128-GCM-SHA256</c>. Those of TLS 1.3 have no key
    /// exchange in their names, and keep them.</summary>
    private static string NameOf(string registered)
    {
        var with = registered.IndexOf("_WITH_", StringComparison.Ordinal);
        if (with < 0)
        {
            return registered;
        }

        var exchange = registered["TLS_".Length..with].Replace('_', '-');
        var cipher = registered[(with + "_WITH_".Length)..]
            .Replace("3DES_EDE_CBC_SHA", "DES_CBC3_SHA", StringComparison.Ordinal)
            .Replace("CHACHA20_POLY1305_SHA256", "CHACHA20_POLY1305", StringComparison.Ordinal)
            .Replace("CCM_8", "CCM8", StringComparison.Ordinal);
        var keepsMode = cipher.StartsWith("DES", StringComparison.Ordinal)
            || (cipher.StartsWith("AES", StringComparison.Ordinal) && (exchange.Contains("PSK", StringComparison.Ordinal) || exchange.StartsWith("SRP", StringComparison.Ordinal)));
        if (!keepsMode)
        {
            cipher = cipher.Replace("_CBC_", "_", StringComparison.Ordinal);
        }

        if (!exchange.StartsWith("SRP", StringComparison.Ordinal))
        {
            foreach (var family in (string[])["AES_", "CAMELLIA_", "ARIA_"])
            {
                cipher = cipher.Replace(family, family[..^1], StringComparison.Ordinal);
            }
        }

        cipher = cipher.Replace('_', '-');
        exchange = exchange switch
        {
            "RSA" => "",
            "DH-anon" => "ADH-",
            "ECDH-anon" => "AECDH-",
            "PSK-DHE" => "DHE-PSK-",
            "SRP-SHA" => "SRP-",
            "SRP-SHA-RSA" => "SRP-RSA-",
            "SRP-SHA-DSS" => "SRP-DSS-",
            "ECDHE-RSA" when cipher.StartsWith("ARIA", StringComparison.Ordinal) => "ECDHE-",
            _ => exchange + "-",
        };
        return exchange + cipher;
    }

    private static int BitsOf(string registered) => registered switch
    {
        _ when registered.Contains("_256_", StringComparison.Ordinal) || registered.Contains("CHACHA20", StringComparison.Ordinal) => 256,
        _ when registered.Contains("_128_", StringComparison.Ordinal) => 128,
        _ when registered.Contains("3DES", StringComparison.Ordinal) => 168,
        _ => 0,
    };
}
