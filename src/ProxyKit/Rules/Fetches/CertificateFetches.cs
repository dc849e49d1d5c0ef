using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Rules.Fetches;

/// <summary>Certificates: the client's (<c>ssl_c_</c>), the frontend's own (<c>ssl_f_</c>) and, while there is a connection to it, the server's
/// (<c>ssl_s_</c>).</summary>
internal static class CertificateFetches
{
    private const int Sha1Length = 20;

    private delegate bool CertificateFact(RuleContext context, X509Certificate2 certificate, ref Sample sample);

    public static IEnumerable<FetchKeyword> All =>
    [
        .. Of("ssl_c_", static context => context.Session.Tls?.ClientCertificate),
        .. Of("ssl_f_", static context => context.Session.Tls?.LocalCertificate),
        .. Of("ssl_s_", static context => (context.Host?.ServerConnection as TlsConnection)?.ServerCertificate),
    ];

    private static IEnumerable<FetchKeyword> Of(string prefix, Func<RuleContext, X509Certificate2?> find) =>
    [
        Name($"{prefix}s_dn", find, static certificate => certificate.SubjectName.RawData),
        Name($"{prefix}i_dn", find, static certificate => certificate.IssuerName.RawData),
        Of($"{prefix}sha1", SampleType.Binary, find, Sha1),
        Of($"{prefix}serial", SampleType.Binary, find, static (RuleContext _, X509Certificate2 certificate, ref Sample sample) =>
            sample.SetBinary(certificate.SerialNumberBytes.Span.TrimStart((byte)0))),
        Of($"{prefix}der", SampleType.Binary, find, static (RuleContext _, X509Certificate2 certificate, ref Sample sample) =>
            sample.SetBinary(certificate.RawDataMemory.Span)),
        Of($"{prefix}notafter", SampleType.String, find, static (RuleContext context, X509Certificate2 certificate, ref Sample sample) =>
            SetDate(context, ref sample, certificate.NotAfter)),
        Of($"{prefix}notbefore", SampleType.String, find, static (RuleContext context, X509Certificate2 certificate, ref Sample sample) =>
            SetDate(context, ref sample, certificate.NotBefore)),
        Of($"{prefix}key_alg", SampleType.String, find, static (RuleContext context, X509Certificate2 certificate, ref Sample sample) =>
            Fetch.SetText(context, ref sample, AlgorithmNames.Of(certificate.GetKeyAlgorithm()))),
        Of($"{prefix}sig_alg", SampleType.String, find, static (RuleContext context, X509Certificate2 certificate, ref Sample sample) =>
            Fetch.SetText(context, ref sample, AlgorithmNames.Of(certificate.SignatureAlgorithm.Value ?? ""))),
        Of($"{prefix}version", SampleType.Integer, find, static (RuleContext _, X509Certificate2 certificate, ref Sample sample) =>
            sample.Set(certificate.Version)),
    ];

    private static FetchKeyword Of(string name, SampleType type, Func<RuleContext, X509Certificate2?> find, CertificateFact fact) =>
        Fetch.Of(name, type, RuleStages.OfClientTls, (RuleContext context, ref Sample sample) =>
            find(context) is { } certificate && fact(context, certificate, ref sample));

    /// <summary><c>[entry[,occurrence[,format]]]</c>: the whole name, or one value of it.</summary>
    private static FetchKeyword Name(string name, Func<RuleContext, X509Certificate2?> find, Func<X509Certificate2, byte[]> part) => Fetch.Of(
        name,
        SampleType.String,
        RuleStages.OfClientTls,
        use =>
        {
            var entry = Encoding.UTF8.GetBytes(use.Arguments.Text(0));
            var occurrence = use.Arguments.Integer(1, fallback: 1);
            var isRfc2253 = use.Arguments.Text(2) switch
            {
                "" => false,
                "rfc2253" => entry.Length == 0
                    ? true
                    : throw new RuleFaultException("a format can be had of the whole name only"),
                var other => throw new RuleFaultException($"unknown format '{other}': the only one is 'rfc2253'"),
            };
            return (RuleContext context, ref Sample sample) =>
            {
                if (find(context) is not { } certificate)
                {
                    return false;
                }

                var distinguished = new DistinguishedName(part(certificate));
                return entry.Length > 0
                    ? distinguished.TryFind(entry, occurrence, out var value) && sample.SetString(value)
                    : isRfc2253 ? distinguished.TryWriteRfc2253(context, ref sample) : distinguished.TryWriteLine(context, ref sample);
            };
        },
        Fetch.Optional("entry"),
        Fetch.Optional("occ", ArgumentKind.Integer),
        Fetch.Optional("format"));

    private static bool Sha1(RuleContext context, X509Certificate2 certificate, ref Sample sample)
    {
        var hash = context.Scratch.Rent(Sha1Length);
        return certificate.TryGetCertHash(HashAlgorithmName.SHA1, hash, out _) && sample.SetBinary(hash);
    }

    /// <summary>A date as <c>YYMMDDhhmmssZ</c>, which is one of this century.</summary>
    private static bool SetDate(RuleContext context, ref Sample sample, DateTime local)
    {
        var date = local.ToUniversalTime();
        if (date.Year is < 2000 or > 2099)
        {
            return false;
        }

        var text = context.Scratch.Rent(13);
        date.TryFormat(text, out _, "yyMMddHHmmss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        return sample.SetString(text);
    }
}
