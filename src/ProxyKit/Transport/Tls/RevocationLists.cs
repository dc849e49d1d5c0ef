using System.Security.Cryptography.X509Certificates;

namespace ProxyKit.Transport.Tls;

/// <summary>The revocation lists of a file: each certificate of a chain is looked up on that of its authority.</summary>
internal sealed class RevocationLists
{
    private readonly RevocationList[] _lists;

    /// <exception cref="IOException">The file cannot be read or used; the message names it.</exception>
    public RevocationLists(string path) =>
        _lists = [.. PemFiles.ReadRevocationLists(path).OrderByDescending(static l => l.From)]; // the newest one counts

    /// <summary>When the next of them counts no more, in ticks of UTC.</summary>
    public long ExpiryAfter(DateTimeOffset now) => _lists
        .Where(l => l.Until > now).Select(static l => l.Until.GetValueOrDefault().UtcTicks).DefaultIfEmpty(long.MaxValue).Min();

    /// <summary>What is wrong with the certificate at a place of a chain: <see cref="VerifyError"/>.</summary>
    public int FaultOf(X509Chain chain, int depth, DateTimeOffset now)
    {
        var certificate = chain.ChainElements[depth].Certificate;
        var issuerName = certificate.IssuerName.RawData;
        var list = Array.Find(_lists, l => l.IsBy(issuerName));
        if (list is null)
        {
            return VerifyError.NoRevocationList;
        }

        var issuer = depth + 1 < chain.ChainElements.Count ? chain.ChainElements[depth + 1].Certificate : certificate;
        if (!issuer.SubjectName.RawData.AsSpan().SequenceEqual(issuerName))
        {
            return VerifyError.NoRevocationListIssuer;
        }

        return list.FaultFor(issuer, now) is not VerifyError.None and var fault ? fault
            : list.Has(certificate) ? VerifyError.Revoked
            : VerifyError.None;
    }

    /// <summary>Whether no certificate of a chain that holds otherwise was revoked.</summary>
    public bool Clear(X509Chain chain)
    {
        var now = TimeProvider.System.GetUtcNow(); // the platform goes by it as well
        for (var depth = 0; depth < chain.ChainElements.Count; depth++)
        {
            if (FaultOf(chain, depth, now) != VerifyError.None)
            {
                return false;
            }
        }

        return true;
    }
}
