namespace ProxyKit.Transport.Tls;

/// <summary>A client's certificate that was let in, and what was found of it. Immutable; connections of one client may share it, and nothing of the
/// platform's is held by it.</summary>
internal sealed class ClientCertificate
{
    /// <summary>The certificate as it came.</summary>
    public required byte[] Der { get; init; }

    /// <summary>What came besides it, one behind the other; empty where nothing did.</summary>
    public required byte[] Chain { get; init; }

    /// <summary>The name of the root that it leads to, as DER; empty where it leads to none that is trusted.</summary>
    public required byte[] Root { get; init; }

    /// <summary>The first thing that was wrong, of what is overlooked: <see cref="VerifyError"/>.</summary>
    public required int Verify { get; init; }

    /// <summary>The first thing that was wrong with the certificate itself.</summary>
    public required int Error { get; init; }

    /// <summary>The first thing that was wrong with an authority above it.</summary>
    public required int AuthorityError { get; init; }

    /// <summary>How far above it that authority is.</summary>
    public required int AuthorityErrorDepth { get; init; }

    /// <summary>When the first one of the chain, or of the revocation lists, expires, in ticks of UTC.</summary>
    public required long ExpiresAt { get; init; }

    /// <summary>About what it takes in memory.</summary>
    public int Size => Der.Length + Chain.Length + Root.Length + 256;

    /// <summary>Whether another one is the same in all.</summary>
    public bool IsSame(ClientCertificate other) =>
        (Verify, Error, AuthorityError, AuthorityErrorDepth, ExpiresAt) == (other.Verify, other.Error, other.AuthorityError, other.AuthorityErrorDepth, other.ExpiresAt)
        && Der.AsSpan().SequenceEqual(other.Der) && Chain.AsSpan().SequenceEqual(other.Chain) && Root.AsSpan().SequenceEqual(other.Root);
}
