using ProxyKit.Rules.Expressions;

namespace ProxyKit;

public static partial class Value
{
    /// <summary>The subject of the client's certificate. HAProxy: <c>ssl_c_s_dn</c>.</summary>
    /// <param name="entry">The short name of one entry, as <c>CN</c>, whose first value it is; null for all of it, as <c>/C=FR/CN=a</c>.</param>
    /// <returns>The value; there is none where the client has shown no certificate.</returns>
    /// <exception cref="ArgumentException"><paramref name="entry"/> is no name of an entry.</exception>
    public static Expression ClientSubject(string? entry = null) => OfName("ssl_c_s_dn", entry);

    /// <summary>The issuer of the client's certificate. HAProxy: <c>ssl_c_i_dn</c>.</summary>
    /// <param name="entry">As of <see cref="ClientSubject"/>.</param>
    /// <returns>The value; there is none where the client has shown no certificate.</returns>
    /// <exception cref="ArgumentException"><paramref name="entry"/> is no name of an entry.</exception>
    public static Expression ClientIssuer(string? entry = null) => OfName("ssl_c_i_dn", entry);

    /// <summary>The alternative names of the client's certificate, as <c>DNS:a.example, email:b@a.example</c>. HAProxy: <c>ssl_c_san</c>.</summary>
    /// <returns>The value; there is none where the client has shown no certificate, or one without.</returns>
    public static Expression ClientAlternativeNames() => Parse("ssl_c_san");

    /// <summary>The SHA-256 of the client's certificate, in upper-case hexadecimal. HAProxy: <c>ssl_c_der,sha2(256),hex</c>.</summary>
    /// <returns>The value; there is none where the client has shown no certificate.</returns>
    public static Expression ClientFingerprint() => Parse("ssl_c_der,sha2(256),hex");

    /// <summary>The serial number of the client's certificate, in upper-case hexadecimal. HAProxy: <c>ssl_c_serial,hex</c>.</summary>
    /// <returns>The value; there is none where the client has shown no certificate.</returns>
    public static Expression ClientSerialNumber() => Parse("ssl_c_serial,hex");

    private static Expression OfName(string fetch, string? entry) => entry is null ? Parse(fetch)
        : entry.Length > 0 && entry.All(static c => char.IsAsciiLetterOrDigit(c) || c == '.') ? Parse($"{fetch}({entry})")
        : throw new ArgumentException($"'{entry}' is no name of an entry.", nameof(entry));
}
