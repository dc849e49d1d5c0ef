using ProxyKit.Transport.Tls;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>A <c>crt-store</c> section: certificates with their keys, which binds ask for as <c>@store/name</c>.</summary>
/// <param name="name">Its name; empty where it has none.</param>
internal sealed class CertificateStore(string name)
{
    public string Name => name;

    /// <summary>Where its certificates lie whose path is relative, instead of what <c>global</c> says.</summary>
    public string? CertificateDirectory { get; set; }

    /// <summary>The same of its keys.</summary>
    public string? KeyDirectory { get; set; }

    /// <summary>What was loaded: under which name, and where it is.</summary>
    public List<StoredCertificate> Certificates { get; } = [];

    /// <summary>The certificate that a bind names, with the key that a store has for it.</summary>
    /// <param name="s">Where it is named.</param>
    /// <param name="written">What stands there: <c>@store/name</c>, <c>@/name</c> of a store without a name, or a path.</param>
    /// <returns>Null where there is none of that name in that store.</returns>
    public static BindCertificateOptions? Find(Statement s, string written)
    {
        var stores = s.Model.CertificateStores;
        if (written is ['@', .. var reference] && reference.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash)
        {
            var (store, wanted) = (reference[..slash], reference[(slash + 1)..]);
            return stores.Where(c => c.Name == store).SelectMany(static c => c.Certificates).FirstOrDefault(c => c.Name == wanted) is { } found
                ? new BindCertificateOptions { Path = found.Path, KeyPath = found.KeyPath, StaplesOcsp = found.StaplesOcsp }
                : null;
        }

        var path = s.PathOf(written, s.Model.Global.CertificateDirectory);
        var loaded = stores.SelectMany(static c => c.Certificates).FirstOrDefault(c => c.Path == path);
        return new BindCertificateOptions { Path = path, KeyPath = loaded?.KeyPath, StaplesOcsp = loaded?.StaplesOcsp };
    }
}

/// <summary>A certificate of a <c>crt-store</c> section.</summary>
/// <param name="Name">By which binds ask for it: its alias, else its file as it was written.</param>
/// <param name="Path">Its file.</param>
/// <param name="KeyPath">That of its key; null where none was named.</param>
/// <param name="StaplesOcsp">Whether the answer of an OCSP responder goes with it; null where nothing is said.</param>
internal sealed record StoredCertificate(string Name, string Path, string? KeyPath, bool? StaplesOcsp);
