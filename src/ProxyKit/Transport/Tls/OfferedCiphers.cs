using System.Net.Security;

namespace ProxyKit.Transport.Tls;

/// <summary>The cipher suites that one side offers or takes, the preferred one first.</summary>
internal sealed class OfferedCiphers
{
    private OfferedCiphers(IReadOnlyList<TlsCipherSuite> ofTls13, IReadOnlyList<TlsCipherSuite> older)
    {
        OfTls13 = ofTls13;
        Older = older;
    }

    public IReadOnlyList<TlsCipherSuite> OfTls13 { get; }

    /// <summary>Those of TLS 1.2.</summary>
    public IReadOnlyList<TlsCipherSuite> Older { get; }

    /// <summary>Those of lists that are in range. What one of them leaves open is as the platform has it.</summary>
    public static OfferedCiphers Of(string? ciphers, string? suites)
    {
        CipherList.TryRead(ciphers ?? CipherList.Default, out var older, out _);
        if (suites is null)
        {
            return new(CipherList.DefaultOfTls13.ToArray(), older);
        }

        CipherList.TryReadSuites(suites, out var ofTls13, out _);
        return new(ofTls13, older);
    }

    /// <summary>The platform's policy; null where nothing is said.</summary>
    public static CipherSuitesPolicy? PolicyOf(string? ciphers, string? suites) => ciphers is null && suites is null ? null : Of(ciphers, suites).ToPolicy();

    /// <summary>What is wrong with the lists, as "Property: fault"; null where nothing is.</summary>
    public static string? FaultOf(string? ciphers, string? suites, bool prefersClient = false)
    {
        if (ciphers is not null && !CipherList.TryRead(ciphers, out _, out var fault))
        {
            return $"Ciphers: {fault}.";
        }

        if (suites is not null && !CipherList.TryReadSuites(suites, out _, out fault))
        {
            return $"CipherSuites: {fault}.";
        }

        return !IsPlatformWilling && (prefersClient || (ciphers ?? suites) is not null)
            ? $"{(ciphers is not null ? "Ciphers" : suites is not null ? "CipherSuites" : "PrefersClientCiphers")}: this platform chooses ciphers by itself."
            : null;
    }

    /// <summary>The platform's policy.</summary>
    /// <param name="first">The one that comes before all others; none by default.</param>
    public CipherSuitesPolicy ToPolicy(TlsCipherSuite first = TlsCipherSuite.TLS_NULL_WITH_NULL_NULL)
    {
        IEnumerable<TlsCipherSuite> all = [.. OfTls13, .. Older];
        return IsPlatformWilling
            ? new CipherSuitesPolicy(first == TlsCipherSuite.TLS_NULL_WITH_NULL_NULL ? all : all.Where(s => s != first).Prepend(first))
            : throw new PlatformNotSupportedException("This platform chooses ciphers by itself."); // a fault before it comes to this
    }

    [System.Runtime.Versioning.UnsupportedOSPlatformGuard("windows")]
    [System.Runtime.Versioning.UnsupportedOSPlatformGuard("android")]
    private static bool IsPlatformWilling => !OperatingSystem.IsWindows() && !OperatingSystem.IsAndroid();
}
