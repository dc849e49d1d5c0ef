using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using ProxyKit.Rules.Fetches;

namespace ProxyKit.Authentication;

/// <summary>The names in a certificate, as texts.</summary>
internal sealed record CertificateNaming(
    string Subject, string Issuer, string? CommonName, string Serial, string Fingerprint, IReadOnlyList<string> Hosts, IReadOnlyList<string> Emails, IReadOnlyList<string> Uris)
{
    private const int LongestName = 4096;

    /// <summary>Reads them.</summary>
    /// <returns>Null where a name is not well formed, or of a type whose bytes are not its text, so that others may read another one in it.</returns>
    public static CertificateNaming? Of(byte[] der)
    {
        try
        {
            if (!CertificateParts.TryRead(der, out var parts)
                || !new DistinguishedName(parts.Subject).IsPlainText || !new DistinguishedName(parts.Issuer).IsPlainText || TextOf(parts.Subject) is not { } subject || TextOf(parts.Issuer) is not { } issuer
                || !TryReadCommonName(parts.Subject, out var commonName))
            {
                return null;
            }

            List<string> hosts = [], emails = [], uris = [];
            if (parts.TryFind(AlternativeNames.Identifier, out var extension))
            {
                for (var names = CertificateParts.Take(ref extension, out _); !names.IsEmpty;)
                {
                    var name = CertificateParts.Take(ref names, out var tag);
                    if (ListOf(tag.TagClass == TagClass.ContextSpecific ? tag.TagValue : -1, hosts, emails, uris) is not { } list)
                    {
                        continue;
                    }

                    if (!Ascii.IsValid(name) || name.ContainsAnyInRange((byte)0, (byte)0x1F))
                    {
                        return null;
                    }

                    list.Add(Encoding.ASCII.GetString(name));
                }
            }

            return new(
                subject, issuer, commonName, Convert.ToHexStringLower(parts.Serial), Convert.ToHexStringLower(SHA256.HashData(der)), hosts, emails, uris);
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    /// <summary>Who it is; null where that name is not there.</summary>
    public string? IdentityOf(CertificateIdentity identity) => identity switch
    {
        CertificateIdentity.Subject => Subject,
        CertificateIdentity.HostName => Hosts.Count > 0 ? Hosts[0] : null,
        CertificateIdentity.Email => Emails.Count > 0 ? Emails[0] : null,
        CertificateIdentity.Uri => Uris.Count > 0 ? Uris[0] : null,
        CertificateIdentity.Fingerprint => Fingerprint,
        _ => CommonName,
    };

    private static List<string>? ListOf(int kind, List<string> hosts, List<string> emails, List<string> uris) => kind switch
    {
        AlternativeNames.Email => emails,
        AlternativeNames.Host => hosts,
        AlternativeNames.Uri => uris,
        _ => null,
    };

    /// <summary>One common name or none; of two, either might be meant.</summary>
    private static bool TryReadCommonName(ReadOnlySpan<byte> subject, out string? name)
    {
        name = null;
        var distinguished = new DistinguishedName(subject);
        var count = distinguished.CountOf("CN"u8);
        if (count != 1 || !distinguished.TryFind("CN"u8, 1, out var first) || !Utf8.IsValid(first))
        {
            return count == 0;
        }

        name = Encoding.UTF8.GetString(first);
        return true;
    }

    private static string? TextOf(ReadOnlySpan<byte> name)
    {
        Span<byte> text = stackalloc byte[LongestName];
        var length = 0;
        return new DistinguishedName(name).TryWriteRfc2253(text, ref length) ? Encoding.ASCII.GetString(text[..length]) : null;
    }
}
