using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net.Security;

namespace ProxyKit.Transport.Tls;

/// <summary>Has the cipher suite agreed on that the client prefers. The platform goes by our order and nothing else, so there is one set of options for each
/// suite that comes first; there are no more of these than suites.</summary>
/// <param name="offered">What we take.</param>
/// <param name="keyKind">The kind of key that our certificate has, which a suite of TLS 1.2 must be for.</param>
/// <param name="isTls13Spoken">Whether we speak TLS 1.3.</param>
/// <param name="plain">The options in our own order.</param>
/// <param name="make">Makes the options where another suite comes first.</param>
internal sealed class ClientCipherOrder(
    OfferedCiphers offered, CertificateKeyKind keyKind, bool isTls13Spoken, SslServerAuthenticationOptions plain, Func<TlsCipherSuite, SslServerAuthenticationOptions> make)
{
    private const int SupportedVersions = 43; // RFC 8446 §4.2.1
    private const int Tls13 = 0x0304;

    private readonly ConcurrentDictionary<TlsCipherSuite, SslServerAuthenticationOptions> _byFirst = new();
    private readonly TlsCipherSuite[] _ofTls13 = [.. offered.OfTls13];
    private readonly TlsCipherSuite[] _older = [.. Cipher.All
        .Where(c => c.KeyExchange is "ECDHE" or "RSA" // DHE is never agreed on here
            && c.Signature == (keyKind == CertificateKeyKind.Rsa ? "RSA" : "ECDSA"))
        .Select(static c => c.Suite)
        .Intersect(offered.Older)
        .OrderBy(s => IndexOf(offered.Older, s))];

    /// <summary>The options for a client.</summary>
    public SslServerAuthenticationOptions For(in ClientHello hello)
    {
        var ours = isTls13Spoken && SpeaksTls13(hello) ? _ofTls13 : _older;
        foreach (var suite in ours)
        {
            if (IsAmong(suite, hello.CipherSuites))
            {
                var theirs = FirstOf(hello.CipherSuites, ours);
                return theirs == suite ? plain : _byFirst.GetOrAdd(theirs, make);
            }
        }

        return plain; // there is none in common, as the platform will find
    }

    private static int IndexOf(IReadOnlyList<TlsCipherSuite> list, TlsCipherSuite suite) => list.Index().First(e => e.Item == suite).Index;

    private static bool IsAmong(TlsCipherSuite suite, ReadOnlySpan<byte> suites)
    {
        for (; suites.Length >= 2; suites = suites[2..])
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(suites) == (ushort)suite)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The first of a client's suites that is among ours, of which one is.</summary>
    private static TlsCipherSuite FirstOf(ReadOnlySpan<byte> suites, TlsCipherSuite[] ours)
    {
        while (!ours.Contains((TlsCipherSuite)BinaryPrimitives.ReadUInt16BigEndian(suites)))
        {
            suites = suites[2..];
        }

        return (TlsCipherSuite)BinaryPrimitives.ReadUInt16BigEndian(suites);
    }

    private static bool SpeaksTls13(in ClientHello hello)
    {
        if (hello.TryFind(SupportedVersions, out var versions) && versions.Length > 0)
        {
            for (versions = versions[1..]; versions.Length >= 2; versions = versions[2..])
            {
                if (BinaryPrimitives.ReadUInt16BigEndian(versions) == Tls13)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
