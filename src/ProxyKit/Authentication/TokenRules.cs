using System.Buffers.Text;
using System.Text;
using ProxyKit.Identities;

namespace ProxyKit.Authentication;

/// <summary>What a token has to claim, besides being signed.</summary>
internal sealed class TokenRules
{
    private const long LastSecond = 253_402_300_799; // of the year 9999, where dates end

    private readonly byte[][] _issuers, _audiences;
    private readonly (ClaimPath Path, byte[][] Values)[] _required;
    private readonly byte[]? _type;
    private readonly TimeSpan _skew;
    private readonly bool _needsExpiry;

    public TokenRules(JwtOptions options)
    {
        _issuers = [.. options.Issuers.Union(options.OpenIdIssuers, StringComparer.Ordinal).Select(Encoding.UTF8.GetBytes)];
        _audiences = [.. options.Audiences.Select(Encoding.UTF8.GetBytes)];
        _required = [.. options.RequiredClaims.Select(static c => (ClaimPath.Parse(c.Path), c.Values.Select(Encoding.UTF8.GetBytes).ToArray()))];
        _type = options.TokenType is { } type ? Encoding.ASCII.GetBytes(type) : null;
        _skew = options.ClockSkew;
        _needsExpiry = !options.AllowsNoExpiry;
    }

    /// <summary>Whether a token is of the type that is wanted, with <c>application/</c> before it or not (RFC 7515 §4.1.9).</summary>
    public AuthenticationFault CheckHeader(ReadOnlySpan<byte> type)
    {
        const int PrefixLength = 12; // of application/
        return _type is null || Ascii.EqualsIgnoreCase(type, _type)
            || (type.Length > PrefixLength && Ascii.EqualsIgnoreCase(type[..PrefixLength], "application/"u8) && Ascii.EqualsIgnoreCase(type[PrefixLength..], _type))
                ? AuthenticationFault.None
                : AuthenticationFault.WrongType;
    }

    /// <summary>Whether the claims are those that are wanted.</summary>
    /// <param name="claims">The claims.</param>
    /// <param name="now">The time.</param>
    /// <param name="expiresAt">Until when, the skew of clocks included; the end of time for a token that does not say.</param>
    public AuthenticationFault Check(ClaimSet claims, DateTimeOffset now, out DateTimeOffset expiresAt)
    {
        expiresAt = DateTimeOffset.MaxValue;
        if (!TryReadTime(claims, "exp"u8, out var expiry) || !TryReadTime(claims, "nbf"u8, out var notBefore)
            || !TryReadTime(claims, "iat"u8, out var issuedAt))
        {
            return AuthenticationFault.MalformedCredentials;
        }

        if (expiry is { } end)
        {
            expiresAt = end < DateTimeOffset.MaxValue - _skew ? end + _skew : DateTimeOffset.MaxValue;
            if (now >= expiresAt)
            {
                return AuthenticationFault.Expired;
            }
        }
        else if (_needsExpiry)
        {
            return AuthenticationFault.MissingExpiry;
        }

        var latest = now + _skew;
        if (notBefore > latest || issuedAt > latest)
        {
            return AuthenticationFault.NotYetValid;
        }

        return _issuers.Length > 0 && !HasOne(claims, "iss"u8, _issuers, isList: false) ? AuthenticationFault.WrongIssuer
            : _audiences.Length > 0 && !HasOne(claims, "aud"u8, _audiences, isList: true) ? AuthenticationFault.WrongAudience
            : Array.TrueForAll(_required, r => HasClaim(claims, r.Path, r.Values)) ? AuthenticationFault.None
            : AuthenticationFault.MissingClaim;
    }

    /// <summary>Whether a claim that is a text, or an array of texts where that may be, is one of some values (RFC 7519 §4.1.3).</summary>
    public static bool HasOne(ClaimSet claims, ReadOnlySpan<byte> name, byte[][] values, bool isList)
    {
        if (!claims.TryFind(name, out var kind, out var raw))
        {
            return false;
        }

        if (kind == JsonKind.String)
        {
            return IsOne(raw[1..^1], values);
        }

        var position = 0;
        while (isList && kind == JsonKind.Array && JsonText.TryReadElement(raw, ref position, out var elementKind, out var element))
        {
            if (elementKind == JsonKind.String && IsOne(element[1..^1], values))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a claim is there, and has one of some values where there are some.</summary>
    public static bool HasClaim(ClaimSet claims, ClaimPath path, byte[][] values)
    {
        if (values.Length == 0)
        {
            return path.TryFind(claims, out var kind, out _) && kind != JsonKind.Null;
        }

        foreach (var value in values)
        {
            if (ClaimWords.Contains(claims, path, value))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsOne(ReadOnlySpan<byte> raw, byte[][] values)
    {
        foreach (var value in values)
        {
            if (ClaimWords.IsSame(raw, value))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads a time in seconds since 1970 (RFC 7519 §2), parts of them included.</summary>
    /// <returns>Whether it is one, or not there.</returns>
    private static bool TryReadTime(ClaimSet claims, ReadOnlySpan<byte> name, out DateTimeOffset? time)
    {
        time = null;
        if (!claims.TryFind(name, out var kind, out var raw))
        {
            return true;
        }

        if (kind != JsonKind.Number)
        {
            return false;
        }

        if (Utf8Parser.TryParse(raw, out long whole, out var digits) && digits == raw.Length && whole is >= 0 and <= LastSecond)
        {
            time = DateTimeOffset.FromUnixTimeSeconds(whole); // as nearly all are
            return true;
        }

        if (!Utf8Parser.TryParse(raw, out double seconds, out var read) || read != raw.Length || seconds is not (>= 0 and <= LastSecond))
        {
            return false;
        }

        time = DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(seconds);
        return true;
    }
}
