using System.Collections.Concurrent;
using System.Net.Security;
using System.Text;

namespace ProxyKit.Rules.Formats;

/// <summary>The names by which OpenSSL, and so every log of HAProxy, knows cipher suites; .NET has the names of the standards.</summary>
internal static class CipherNames
{
    private static readonly ConcurrentDictionary<TlsCipherSuite, byte[]> Names = new();

    /// <summary>The name: <c>ECDHE-RSA-AES128-GCM-SHA256</c>; that of the standard for TLS 1.3, where both are one.</summary>
    public static ReadOnlySpan<byte> Of(TlsCipherSuite suite) =>
        Names.GetOrAdd(suite, static s => Encoding.ASCII.GetBytes(Translate(s.ToString())));

    private static string Translate(string standard)
    {
        var parts = standard.Split("_WITH_");
        if (parts.Length != 2)
        {
            return standard; // of TLS 1.3, or none that has a name
        }

        var cipher = parts[1]
            .Replace("CHACHA20_POLY1305_SHA256", "CHACHA20-POLY1305", StringComparison.Ordinal)
            .Replace("3DES_EDE_CBC", "DES-CBC3", StringComparison.Ordinal)
            .Replace("_CBC", "", StringComparison.Ordinal)
            .Replace("AES_", "AES", StringComparison.Ordinal)
            .Replace("CAMELLIA_", "CAMELLIA", StringComparison.Ordinal)
            .Replace("ARIA_", "ARIA", StringComparison.Ordinal)
            .Replace("CCM_8", "CCM8", StringComparison.Ordinal)
            .Replace('_', '-');
        var exchange = parts[0]["TLS_".Length..].Replace('_', '-');
        return exchange == "RSA" ? cipher : $"{exchange}-{cipher}";
    }
}
