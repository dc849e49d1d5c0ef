using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProxyKit.Transport.Tls;

/// <summary>Judges the certificates of clients. The platform builds their chains; what is wrong with one is put here into OpenSSL's numbers, in
/// OpenSSL's order, since those are what configurations overlook and rules ask for.</summary>
internal sealed class ClientVerifier
{
    private const string ClientUsage = "1.3.6.1.5.5.7.3.2";

    private readonly RevocationLists? _lists;
    private readonly IgnoredErrors _ignored, _ignoredOfAuthorities;
    private readonly HashSet<string> _trusted; // thumbprints
    private readonly VerifiedClients _verified = new();

    /// <summary>Reads the authorities and the lists.</summary>
    /// <exception cref="IOException">A file cannot be used; the message names it.</exception>
    public ClientVerifier(ClientCertificateOptions options)
    {
        IsRequired = options.IsRequired;
        _ignored = new(options.IgnoredErrors, options.IgnoresAllErrors);
        _ignoredOfAuthorities = new(options.IgnoredAuthorityErrors, options.IgnoresAllAuthorityErrors);
        _lists = options.CrlPath is { } list ? new RevocationLists(list) : null;

        var named = new X509Certificate2Collection();
        named.AddRange(options.Authorities ?? []);
        named.AddRange(options.CaPath is { } path ? PemFiles.ReadCertificates(path) : []);
        Named = options.TellsAuthorities ? named : [];
        var trusted = new X509Certificate2Collection(named);
        trusted.AddRange(options.CaVerifyPath is { } more ? PemFiles.ReadCertificates(more) : []);
        _trusted = trusted.Select(static c => c.Thumbprint).ToHashSet(StringComparer.Ordinal);
        Policy = new X509ChainPolicy
        {
            RevocationMode = X509RevocationMode.NoCheck, // that is done here
            DisableCertificateDownloads = true, // a handshake waits for nobody but the client
            TrustMode = options.TrustsSystem ? X509ChainTrustMode.System : X509ChainTrustMode.CustomRootTrust,
        };
        if (!options.TrustsSystem)
        {
            Policy.CustomTrustStore.AddRange(trusted);
        }
    }

    public bool IsRequired { get; }

    /// <summary>The authorities that clients are told of.</summary>
    public X509Certificate2Collection Named { get; }

    /// <summary>What the platform builds chains by.</summary>
    public X509ChainPolicy Policy { get; }

    /// <summary>Judges a certificate.</summary>
    /// <param name="shown">The certificate.</param>
    /// <param name="chain">What the platform has built of it.</param>
    /// <param name="hasErrors">Whether the platform finds anything wrong with the chain.</param>
    /// <param name="isResumed">Whether an earlier session was taken up.</param>
    /// <param name="refusal">Why it does not hold.</param>
    /// <returns>The certificate, or null.</returns>
    public ClientCertificate? Judge(X509Certificate2 shown, X509Chain chain, bool hasErrors, bool isResumed, out TransportError refusal)
    {
        refusal = TransportError.None;
        var der = shown.RawData;
        var now = TimeProvider.System.GetUtcNow(); // the platform goes by it as well

        // A session that is taken up brings no more than the certificate itself, which may not be enough for a chain. What was found of it at first
        // stands, as in OpenSSL, but for its time and that of the lists. Where it was forgotten the chain is all there is to go by.
        if (isResumed && _verified.Find(der) is { } known && now.UtcTicks < known.ExpiresAt)
        {
            return known;
        }

        var findings = new Findings(this);
        Look(chain, now, ref findings);
        if (hasErrors && findings.Verify == VerifyError.None)
        {
            findings.Add(0, VerifyError.Unspecified); // something that is not looked for here
        }

        if (findings.Refusal != TransportError.None)
        {
            refusal = findings.Refusal;
            return null;
        }

        return _verified.Share(new ClientCertificate
        {
            Der = der,
            Chain = isResumed ? [] : Received(chain),
            Root = IsComplete(chain) ? chain.ChainElements[^1].Certificate.SubjectName.RawData : [],
            Verify = findings.Verify,
            Error = findings.Error,
            AuthorityError = findings.AuthorityError,
            AuthorityErrorDepth = findings.AuthorityErrorDepth,
            ExpiresAt = Math.Min(ExpiryOf(chain, now), _lists?.ExpiryAfter(now) ?? long.MaxValue),
        });
    }

    /// <summary>When the next of a chain expires, in ticks of UTC. Those that have expired were overlooked, or there would be none.</summary>
    private static long ExpiryOf(X509Chain chain, DateTimeOffset now) => chain.ChainElements
        .Select(static e => e.Certificate.NotAfter.ToUniversalTime().Ticks).Where(t => t > now.UtcTicks).DefaultIfEmpty(long.MaxValue).Min();

    private static bool Has(X509ChainElement element, X509ChainStatusFlags flags)
    {
        foreach (var status in element.ChainElementStatus)
        {
            if ((status.Status & flags) != 0)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsComplete(X509Chain chain) =>
        chain.ChainElements.Count > 0 && !Has(chain.ChainElements[^1], X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot);

    /// <summary>What the client has sent besides its own certificate.</summary>
    private static byte[] Received(X509Chain chain) => [.. chain.ChainPolicy.ExtraStore.SelectMany(static c => c.RawData)];

    /// <summary>In OpenSSL's order: the chain as such, what its certificates are for, their lists, and last, from the root on, signatures and
    /// times.</summary>
    private void Look(X509Chain chain, DateTimeOffset now, ref Findings findings)
    {
        var elements = chain.ChainElements;
        var last = elements.Count - 1;
        if (last < 0)
        {
            findings.Add(0, VerifyError.Unspecified);
            return;
        }

        if (Has(elements[last], X509ChainStatusFlags.UntrustedRoot))
        {
            findings.Add(last, last == 0 ? VerifyError.SelfSigned : VerifyError.SelfSignedInChain);
        }

        if (Has(elements[last], X509ChainStatusFlags.PartialChain))
        {
            findings.Add(last, _trusted.Contains(elements[last].Certificate.Thumbprint) ? VerifyError.NoIssuer : VerifyError.NoIssuerLocally);
        }

        for (var depth = 0; depth <= last; depth++)
        {
            LookAtUse(elements[depth], depth, ref findings);
        }

        for (var depth = 0; _lists is not null && depth <= last; depth++)
        {
            findings.Add(depth, _lists.FaultOf(chain, depth, now));
        }

        for (var depth = last; depth >= 0; depth--)
        {
            if (Has(elements[depth], X509ChainStatusFlags.NotSignatureValid))
            {
                findings.Add(depth, VerifyError.BadSignature);
            }

            if (Has(elements[depth], X509ChainStatusFlags.NotTimeValid))
            {
                var isEarly = elements[depth].Certificate.NotBefore.ToUniversalTime() > now.UtcDateTime;
                findings.Add(depth, isEarly ? VerifyError.NotYetValid : VerifyError.Expired);
            }
        }
    }

    private static void LookAtUse(X509ChainElement element, int depth, ref Findings findings)
    {
        foreach (var status in element.ChainElementStatus)
        {
            findings.Add(depth, status.Status switch
            {
                X509ChainStatusFlags.InvalidBasicConstraints => VerifyError.InvalidAuthority,
                X509ChainStatusFlags.NotValidForUsage => depth == 0 || IsForOthers(element.Certificate) ? VerifyError.InvalidPurpose : VerifyError.None,
                X509ChainStatusFlags.HasNotSupportedCriticalExtension or X509ChainStatusFlags.InvalidExtension => VerifyError.UnhandledCriticalExtension,
                X509ChainStatusFlags.InvalidPolicyConstraints or X509ChainStatusFlags.NoIssuanceChainPolicy => VerifyError.InvalidPolicy,
                X509ChainStatusFlags.HasExcludedNameConstraint => VerifyError.NameExcluded,
                X509ChainStatusFlags.InvalidNameConstraints or X509ChainStatusFlags.HasNotPermittedNameConstraint
                    or X509ChainStatusFlags.HasNotDefinedNameConstraint or X509ChainStatusFlags.HasNotSupportedNameConstraint => VerifyError.NameNotPermitted,
                X509ChainStatusFlags.ExplicitDistrust => VerifyError.Rejected,
                X509ChainStatusFlags.HasWeakSignature => VerifyError.WeakDigest,
                X509ChainStatusFlags.NoError or X509ChainStatusFlags.UntrustedRoot or X509ChainStatusFlags.PartialChain
                    or X509ChainStatusFlags.NotSignatureValid or X509ChainStatusFlags.NotTimeValid => VerifyError.None, // looked at elsewhere
                _ => VerifyError.Unspecified,
            });
        }
    }

    /// <summary>Whether an authority's certificates are for something else: the platform says so of the whole chain when it is so of one.</summary>
    private static bool IsForOthers(X509Certificate2 authority) =>
        authority.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault() is { } usage
        && !usage.EnhancedKeyUsages.Cast<Oid>().Any(static u => u.Value == ClientUsage);

    /// <summary>What was found so far. What is not overlooked refuses.</summary>
    private struct Findings(ClientVerifier verifier)
    {
        public int Verify, Error, AuthorityError, AuthorityErrorDepth;

        public TransportError Refusal;

        public void Add(int depth, int error)
        {
            if (error == VerifyError.None)
            {
                return;
            }

            if (depth == 0 && Error == VerifyError.None)
            {
                Error = error;
            }
            else if (depth > 0 && AuthorityError == VerifyError.None)
            {
                (AuthorityError, AuthorityErrorDepth) = (error, depth);
            }

            Verify = Verify == VerifyError.None ? error : Verify;
            if (Refusal == TransportError.None && !(depth == 0 ? verifier._ignored : verifier._ignoredOfAuthorities).Contains(error))
            {
                Refusal = depth == 0 ? TransportError.TlsCertificate : TransportError.TlsAuthority;
            }
        }
    }
}
