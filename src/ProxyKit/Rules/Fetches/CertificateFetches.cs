using System.Diagnostics.CodeAnalysis;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.Transport.Tls;

namespace ProxyKit.Rules.Fetches;

/// <summary>Certificates: the client's (<c>ssl_c_</c>), the frontend's own (<c>ssl_f_</c>) and, once there was a connection to it, the server's
/// (<c>ssl_s_</c>).</summary>
internal static class CertificateFetches
{
    private const int Sha1Length = 20;

    private delegate ReadOnlySpan<byte> Find(RuleContext context);

    private delegate bool CertificateFact(RuleContext context, in CertificateParts certificate, ref Sample sample);

    private delegate ReadOnlySpan<byte> NamePart(scoped in CertificateParts certificate);

    public static IEnumerable<FetchKeyword> All =>
    [
        .. Of("ssl_c_", Client),
        .. Of("ssl_f_", static context => context.Session.Tls?.LocalCertificate is { } certificate ? certificate.RawDataMemory.Span : default),
        .. Of("ssl_s_", static context =>
            (context.LastServerConnection as TlsConnection)?.ServerCertificate is { } certificate ? certificate.RawDataMemory.Span : default),
        Of("ssl_c_san", SampleType.String, Client, static (RuleContext context, in CertificateParts certificate, ref Sample sample) =>
            certificate.TryFind(AlternativeNames.Identifier, out var names) && AlternativeNames.TryWrite(context, names, ref sample)),
        Fetch.Of("ssl_c_policies", SampleType.String, RuleStages.OfClientTls, Policies, Fetch.Optional("oid")),
        Name("ssl_c_r_dn", static context => context.Session.Tls?.ClientCertificate is { } certificate ? certificate.Root : default, ofCertificate: null),
        Fetch.Of("ssl_c_chain_der", SampleType.Binary, RuleStages.OfClientTls, static (RuleContext context, ref Sample sample) =>
            context.Session.Tls is { IsResumed: false, ClientCertificate.Chain: { Length: > 0 } chain } && sample.SetBinary(chain)),
        Fetch.Of("ssl_s_chain_der", SampleType.Binary, RuleStages.OfClientTls, ServerChain),
    ];

    private static ReadOnlySpan<byte> Client(RuleContext context) => context.Session.Tls?.ClientCertificate is { } certificate ? certificate.Der : default;

    private static IEnumerable<FetchKeyword> Of(string prefix, Find find) =>
    [
        Name($"{prefix}s_dn", find, static (scoped in CertificateParts certificate) => certificate.Subject),
        Name($"{prefix}i_dn", find, static (scoped in CertificateParts certificate) => certificate.Issuer),
        Fetch.Of($"{prefix}sha1", SampleType.Binary, RuleStages.OfClientTls, (RuleContext context, ref Sample sample) =>
            find(context) is { IsEmpty: false } der && sample.SetBinary(Sha1(context, der))),
        Of($"{prefix}serial", SampleType.Binary, find, static (RuleContext _, in CertificateParts certificate, ref Sample sample) =>
            sample.SetBinary(certificate.Serial)),
        Fetch.Of($"{prefix}der", SampleType.Binary, RuleStages.OfClientTls, (RuleContext context, ref Sample sample) =>
            find(context) is { IsEmpty: false } der && sample.SetBinary(der)),
        Of($"{prefix}notafter", SampleType.String, find, static (RuleContext _, in CertificateParts certificate, ref Sample sample) =>
            certificate.NotAfter is { IsEmpty: false } date && sample.SetString(date)),
        Of($"{prefix}notbefore", SampleType.String, find, static (RuleContext _, in CertificateParts certificate, ref Sample sample) =>
            certificate.NotBefore is { IsEmpty: false } date && sample.SetString(date)),
        Of($"{prefix}key_alg", SampleType.String, find, static (RuleContext context, in CertificateParts certificate, ref Sample sample) =>
            Fetch.SetText(context, ref sample, certificate.KeyAlgorithm)),
        Of($"{prefix}sig_alg", SampleType.String, find, static (RuleContext context, in CertificateParts certificate, ref Sample sample) =>
            Fetch.SetText(context, ref sample, certificate.SignatureAlgorithm)),
        Of($"{prefix}version", SampleType.Integer, find, static (RuleContext _, in CertificateParts certificate, ref Sample sample) =>
            sample.Set(certificate.Version)),
    ];

    private static FetchKeyword Of(string name, SampleType type, Find find, CertificateFact fact) =>
        Fetch.Of(name, type, RuleStages.OfClientTls, (RuleContext context, ref Sample sample) => TryFact(context, find, fact, ref sample));

    /// <summary>A client's certificate may hold anything: what is not well formed there has no sample.</summary>
    private static bool TryFact(RuleContext context, Find find, CertificateFact fact, ref Sample sample)
    {
        try
        {
            return find(context) is { IsEmpty: false } der && CertificateParts.TryRead(der, out var certificate) && fact(context, in certificate, ref sample);
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    /// <summary><c>[entry[,occurrence[,format]]]</c>: the whole name, or one value of it.</summary>
    /// <param name="name">The fetch.</param>
    /// <param name="find">Finds the certificate.</param>
    /// <param name="ofCertificate">Finds the name in it; null where the name itself was found.</param>
    private static FetchKeyword Name(string name, Find find, NamePart? ofCertificate) => Fetch.Of(
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
            bool TryWrite(RuleContext context, ReadOnlySpan<byte> found, ref Sample sample)
            {
                var distinguished = new DistinguishedName(found);
                return entry.Length > 0
                    ? distinguished.TryFind(entry, occurrence, out var value) && sample.SetString(value)
                    : isRfc2253 ? distinguished.TryWriteRfc2253(context, ref sample) : distinguished.TryWriteLine(context, ref sample);
            }

            if (ofCertificate is null)
            {
                return (RuleContext context, ref Sample sample) => find(context) is { IsEmpty: false } found && TryWrite(context, found, ref sample);
            }

            CertificateFact fact = (RuleContext context, in CertificateParts certificate, ref Sample sample) =>
                TryWrite(context, ofCertificate(in certificate), ref sample);
            return (RuleContext context, ref Sample sample) => TryFact(context, find, fact, ref sample);
        },
        Fetch.Optional("entry"),
        Fetch.Optional("occ", ArgumentKind.Integer),
        Fetch.Optional("format"));

    private static SampleFetch Policies(KeywordUse use)
    {
        var wanted = use.Arguments.Text(0);
        CertificateFact fact = (RuleContext context, in CertificateParts certificate, ref Sample sample) =>
            certificate.TryFind(CertificatePolicies.Identifier, out var policies) && CertificatePolicies.TryWrite(context, policies, wanted, ref sample);
        return (RuleContext context, ref Sample sample) => TryFact(context, Client, fact, ref sample);
    }

    /// <summary>Asking has the connections to all servers keep it.</summary>
    private static SampleFetch ServerChain(KeywordUse use)
    {
        foreach (var server in use.Compiler.Backends.Values.SelectMany(static b => b.Servers))
        {
            server.Tls?.KeepChain();
        }

        return static (RuleContext context, ref Sample sample) =>
            context.LastServerConnection is TlsConnection { ServerChain: { Length: > 0 } chain } && sample.SetBinary(chain);
    }

    [SuppressMessage("Security", "CA5350", Justification = "A name that operators know certificates by; nothing is decided by it here.")]
    private static Span<byte> Sha1(RuleContext context, ReadOnlySpan<byte> der)
    {
        var hash = context.Scratch.Rent(Sha1Length);
        SHA1.HashData(der, hash);
        return hash;
    }
}
