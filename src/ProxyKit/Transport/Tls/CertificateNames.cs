using System.Security.Cryptography.X509Certificates;

namespace ProxyKit.Transport.Tls;

/// <summary>The names that a certificate is for.</summary>
internal static class CertificateNames
{
    private const string CommonName = "2.5.4.3";

    /// <summary>The common name and the alternative names of hosts, in lower case, each once.</summary>
    public static IEnumerable<string> Of(X509Certificate2 certificate) => certificate.SubjectName.EnumerateRelativeDistinguishedNames()
        .Where(static part => !part.HasMultipleElements && part.GetSingleElementType().Value == CommonName)
        .Select(static part => part.GetSingleElementValue() ?? "")
        .Concat(certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(static names => names.EnumerateDnsNames()))
        .Where(static name => name.Length > 0 && name[0] != '!' && name != "*")
        .Select(static name => name.ToLowerInvariant())
        .Distinct(StringComparer.Ordinal);
}
