using System.Diagnostics.CodeAnalysis;
using System.Net.Security;

namespace ProxyKit.Transport.Tls;

/// <summary>Reads OpenSSL's lists of ciphers, as <c>ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL</c>: the same suites in the same order as
/// <c>openssl ciphers</c> has. Source: HAProxy's <c>ciphers</c> and <c>ciphersuites</c>, openssl-ciphers(1).</summary>
/// <remarks>More strict in three ways: a word that OpenSSL would pass over because it knows it not is a fault, suites that do not encrypt cannot be asked for, and
/// <c>@SECLEVEL</c> cannot be said, which is the system's to set.</remarks>
public static class CipherList
{
    private static readonly char[] Separators = [':', ',', ';', ' '];

    private static readonly TlsCipherSuite[] OfTls13 =
    [
        TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256, TlsCipherSuite.TLS_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_AES_128_CCM_SHA256, TlsCipherSuite.TLS_AES_128_CCM_8_SHA256,
    ];

    /// <summary>What is agreed on in TLS 1.3 where nothing is said, as OpenSSL has it.</summary>
    internal static ReadOnlySpan<TlsCipherSuite> DefaultOfTls13 => OfTls13.AsSpan(0, 3);

    /// <summary>What is agreed on in TLS 1.2 where something is said of 1.3 only: what .NET takes where the system says nothing.</summary>
    internal static string Default =>
        "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256:"
        + "ECDHE-ECDSA-AES256-SHA384:ECDHE-ECDSA-AES128-SHA256:ECDHE-RSA-AES256-SHA384:ECDHE-RSA-AES128-SHA256";

    /// <summary>Reads a list of ciphers for TLS 1.2.</summary>
    /// <param name="text">Words with <c>:</c> between: names of ciphers; of kinds, as <c>ECDHE</c> or <c>AESGCM</c>; several with <c>+</c> between for what is
    /// of all these kinds. <c>!</c> before one takes them out for good, <c>-</c> until they are named again, <c>+</c> moves them to the end.
    /// <c>@STRENGTH</c> puts longer keys first. <c>DEFAULT</c> can be the first word.</param>
    /// <param name="suites">The suites, the preferred one first.</param>
    /// <param name="fault">What is wrong, as a sentence's end without a full stop.</param>
    /// <returns>Whether it can be used.</returns>
    public static bool TryRead(string text, out IReadOnlyList<TlsCipherSuite> suites, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        var selection = new CipherSelection();
        fault = null;
        var spaced = text.Replace("!", ":!", StringComparison.Ordinal).Replace("@", ":@", StringComparison.Ordinal); // which end a word too
        foreach (var (index, word) in spaced.Split(Separators, StringSplitOptions.RemoveEmptyEntries).Index())
        {
            fault ??= selection.Apply(word, isFirst: index == 0);
        }

        suites = fault is null ? selection.Suites : [];
        fault ??= suites.Count == 0 ? $"no cipher is left by '{text}'" : null;
        return fault is null;
    }

    /// <summary>Reads a list of cipher suites for TLS 1.3.</summary>
    /// <param name="text">Registered names with <c>:</c> between.</param>
    /// <param name="suites">The suites, the preferred one first.</param>
    /// <param name="fault">What is wrong, as a sentence's end without a full stop.</param>
    /// <returns>Whether it can be used.</returns>
    public static bool TryReadSuites(string text, out IReadOnlyList<TlsCipherSuite> suites, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        var found = new List<TlsCipherSuite>();
        fault = null;
        foreach (var word in text.Split(':', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = Array.FindIndex(OfTls13, suite => suite.ToString() == word);
            if (at < 0)
            {
                fault ??= $"'{word}' is no cipher suite of TLS 1.3; there are {string.Join(", ", OfTls13)}";
            }
            else if (!found.Contains(OfTls13[at]))
            {
                found.Add(OfTls13[at]);
            }
        }

        fault ??= found.Count == 0 ? "no cipher suite is named" : null;
        suites = found;
        return fault is null;
    }
}
