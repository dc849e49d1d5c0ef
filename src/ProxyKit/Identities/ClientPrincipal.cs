namespace ProxyKit.Identities;

/// <summary>Who a client is, once that was verified. Immutable; one object serves all requests that bring the same proof.</summary>
public sealed class ClientPrincipal
{
    private static readonly ClaimPath Subject = ClaimPath.Parse("sub"), Scope = ClaimPath.Parse("scope"), ShortScope = ClaimPath.Parse("scp");

    internal ClientPrincipal(string scheme, ClaimSet claims, DateTimeOffset? expiresAt = null)
    {
        Scheme = scheme;
        Claims = claims;
        ExpiresAt = expiresAt;
        Name = claims.TextAt(Subject);
    }

    /// <summary>How it was proved: <c>jwt</c>, <c>basic</c>, <c>api-key</c> or <c>introspection</c>.</summary>
    public string Scheme { get; }

    /// <summary>Who it is: the claim <c>sub</c>, which of a user is the name and of an API key the owner. Null where there is none.</summary>
    public string? Name { get; }

    /// <summary>What is claimed of the client.</summary>
    public ClaimSet Claims { get; }

    /// <summary>When the proof is none any more; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; }

    /// <summary>Whether the client has a scope (RFC 6749 §3.3), by a whole word of the claim <c>scope</c>, or an element of it or of <c>scp</c> where
    /// they are arrays. Compared with case.</summary>
    /// <param name="scope">The scope.</param>
    /// <returns>Whether it has.</returns>
    public bool HasScope(string scope)
    {
        ArgumentException.ThrowIfNullOrEmpty(scope);
        return HasScope(System.Text.Encoding.UTF8.GetBytes(scope));
    }

    /// <summary>Shows who it is.</summary>
    /// <returns>The scheme and the name.</returns>
    public override string ToString() => $"{Scheme} {Name ?? "-"}";

    internal bool HasScope(ReadOnlySpan<byte> scope) =>
        ClaimWords.Contains(Claims, Scope, scope) || ClaimWords.Contains(Claims, ShortScope, scope);
}
