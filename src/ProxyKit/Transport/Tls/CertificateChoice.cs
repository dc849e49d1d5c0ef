using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace ProxyKit.Transport.Tls;

/// <summary>Chooses the certificate of a bind by what a client's hello says. Costs the same however many there are.</summary>
internal sealed class CertificateChoice
{
    private const int LongestName = 255;

    private readonly Dictionary<string, ServedCertificate[]> _exact, _wildcards; // the latter by what stands behind the *
    private readonly ServedCertificate[] _defaults;

    /// <param name="certificates">All of them, in the order in which they were named.</param>
    /// <param name="isStrict">Whether there is none for those whom none is for.</param>
    public CertificateChoice(IReadOnlyList<ServedCertificate> certificates, bool isStrict)
    {
        _defaults = isStrict ? [] : [.. certificates.Take(1), .. certificates.Skip(1).Where(static c => c.IsDefault)];
        Only = !isStrict && certificates is [var only] ? only : null;
        var named = certificates.SelectMany(static c => c.Names.Select(n => (Name: n, Certificate: c))).ToLookup(static n => n.Name.StartsWith("*.", StringComparison.Ordinal));
        _exact = Group(named[false]);
        _wildcards = Group(named[true].Select(static n => (n.Name[1..], n.Certificate)));
    }

    /// <summary>The one that everybody gets; null where there is a choice.</summary>
    public ServedCertificate? Only { get; }

    /// <summary>The one for a client; null where there is none.</summary>
    public ServedCertificate? For(in ClientHello hello)
    {
        if (hello.TryFindServerName(out var bytes) && bytes.Length is > 0 and <= LongestName)
        {
            Span<char> buffer = stackalloc char[LongestName];
            if (Ascii.ToLower(bytes, buffer, out var length) == OperationStatus.Done)
            {
                ReadOnlySpan<char> name = buffer[..length];
                if (_exact.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out var exact))
                {
                    return Prefer(exact, default, hello);
                }

                var dot = name.IndexOf('.');
                if (dot > 0 && _wildcards.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name[dot..], out var wild) && Prefer(wild, name, hello) is { } chosen)
                {
                    return chosen;
                }
            }
        }

        return Prefer(_defaults, default, hello);
    }

    private static Dictionary<string, ServedCertificate[]> Group(IEnumerable<(string Name, ServedCertificate Certificate)> named) => named
        .GroupBy(static n => n.Name, static n => n.Certificate, StringComparer.Ordinal)
        .ToDictionary(static g => g.Key, static g => g.ToArray(), StringComparer.Ordinal);

    /// <summary>The first one with a key of the best kind that the client can do with; any where it can do with none.</summary>
    private static ServedCertificate? Prefer(ServedCertificate[] certificates, ReadOnlySpan<char> name, in ClientHello hello)
    {
        ServedCertificate? first = null, rsa = null, curve = null;
        foreach (var certificate in certificates)
        {
            if (certificate.Excludes(name))
            {
                continue;
            }

            first ??= certificate;
            switch (certificate.KeyKind)
            {
                case CertificateKeyKind.Ecdsa:
                    curve ??= certificate;
                    break;
                case CertificateKeyKind.Rsa:
                    rsa ??= certificate;
                    break;
            }
        }

        return (curve is not null && rsa is not null && TakesEcdsa(hello) ? curve : rsa) ?? first;
    }

    private static bool TakesEcdsa(in ClientHello hello)
    {
        if (!hello.TryFind(ClientHello.SignatureAlgorithms, out var content) || !ClientHello.TryReadList(content, out var algorithms))
        {
            return false;
        }

        var isSigned = false;
        for (; algorithms.Length >= 2 && !isSigned; algorithms = algorithms[2..])
        {
            isSigned = algorithms[1] == 3; // ecdsa, RFC 5246 §7.4.1.4.1; TLS 1.3 kept the numbers
        }

        var isOffered = false;
        for (var suites = hello.CipherSuites; suites.Length >= 2 && !isOffered; suites = suites[2..])
        {
            isOffered = BinaryPrimitives.ReadUInt16BigEndian(suites) is (>= 0x1301 and <= 0x1305) // of TLS 1.3, which leave the signature open
                or 0xC009 or 0xC00A or 0xC023 or 0xC024 or 0xC02B or 0xC02C or (>= 0xC0AC and <= 0xC0AF) or 0xCCA9; // ECDHE-ECDSA
        }

        return isSigned && isOffered;
    }
}
