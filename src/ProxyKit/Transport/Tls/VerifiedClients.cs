using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace ProxyKit.Transport.Tls;

/// <summary>The certificates of clients that were let in lately, for the sessions that take up theirs, and so that the connections of one client keep
/// one copy.</summary>
/// <remarks>Bounded by generations, in number and in bytes: when the young one is full the old one is forgotten, and who was found there meanwhile is young
/// again.</remarks>
internal sealed class VerifiedClients
{
    private const int MostPerGeneration = 4096;
    private const long MostBytesPerGeneration = 8 * 1024 * 1024; // a chain may be as long as a handshake lets it be

    private volatile Generation _young = new(), _old = new();

    /// <summary>The one that was let in with these bytes; null where it was not, or is forgotten.</summary>
    public ClientCertificate? Find(byte[] der)
    {
        var key = Key.Of(der);
        if (_young.Known.TryGetValue(key, out var known))
        {
            return known;
        }

        if (!_old.Known.TryGetValue(key, out known))
        {
            return null;
        }

        Add(key, known);
        return known;
    }

    /// <summary>Keeps one that was let in.</summary>
    /// <returns>The same, or its equal that is kept already.</returns>
    public ClientCertificate Share(ClientCertificate certificate)
    {
        if (Find(certificate.Der) is { } known && known.IsSame(certificate))
        {
            return known;
        }

        Add(Key.Of(certificate.Der), certificate);
        return certificate;
    }

    private void Add(Key key, ClientCertificate certificate)
    {
        var young = _young;
        if (young.Known.Count >= MostPerGeneration || Interlocked.Read(ref young.Bytes) >= MostBytesPerGeneration)
        {
            // Of several who find it full at once, one generation or the other is lost to some; they are found anew.
            _old = young;
            _young = young = new();
        }

        Interlocked.Add(ref young.Bytes, certificate.Size); // a little too much where one takes the place of another
        young.Known[key] = certificate;
    }

    private sealed class Generation
    {
        public readonly ConcurrentDictionary<Key, ClientCertificate> Known = new();

        public long Bytes;
    }

    /// <summary>The hash of a certificate (SHA-256).</summary>
    private readonly record struct Key(UInt128 High, UInt128 Low)
    {
        public static Key Of(ReadOnlySpan<byte> der)
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(der, hash);
            return new(System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash), System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash[16..]));
        }
    }
}
