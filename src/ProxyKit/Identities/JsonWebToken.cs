using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;

namespace ProxyKit.Identities;

/// <summary>A signed token in its compact form (RFC 7515 §7.1), taken apart: not believed yet. Its bytes lie in the request and in the caller's
/// buffer.</summary>
internal readonly ref struct JsonWebToken
{
    private static readonly SearchValues<byte> Characters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."u8);

    private readonly ReadOnlySpan<byte> _payload, _signature; // in base64

    private JsonWebToken(
        SignatureAlgorithm algorithm,
        ReadOnlySpan<byte> keyId,
        ReadOnlySpan<byte> type,
        ReadOnlySpan<byte> signed,
        ReadOnlySpan<byte> payload,
        ReadOnlySpan<byte> signature)
    {
        Algorithm = algorithm;
        KeyId = keyId;
        Type = type;
        Signed = signed;
        _payload = payload;
        _signature = signature;
    }

    /// <summary>The algorithm that the token names.</summary>
    public SignatureAlgorithm Algorithm { get; }

    /// <summary>The key that it names (<c>kid</c>); empty for none.</summary>
    public ReadOnlySpan<byte> KeyId { get; }

    /// <summary>Its type (<c>typ</c>); empty for none.</summary>
    public ReadOnlySpan<byte> Type { get; }

    /// <summary>What the signature is of.</summary>
    public ReadOnlySpan<byte> Signed { get; }

    /// <summary>The room that the buffers of a token need.</summary>
    public static int BufferLength(int tokenLength) => Base64Url.GetMaxDecodedLength(tokenLength);

    /// <summary>Takes a token apart, as far as that goes without believing it.</summary>
    /// <param name="text">The token.</param>
    /// <param name="buffer">Receives the header; room for <see cref="BufferLength"/>. Belongs to the token until that is done with.</param>
    /// <param name="token">The token.</param>
    /// <returns>What is wrong with it; None for nothing.</returns>
    public static AuthenticationFault TryRead(ReadOnlySpan<byte> text, Span<byte> buffer, out JsonWebToken token)
    {
        token = default;
        var first = text.IndexOf((byte)'.');
        var second = first < 0 ? -1 : text[(first + 1)..].IndexOf((byte)'.');
        if (second < 0)
        {
            return AuthenticationFault.MalformedCredentials;
        }

        second += first + 1;
        var payload = text[(first + 1)..second];
        var signature = text[(second + 1)..];
        var dots = signature.Count((byte)'.');
        if (dots > 0)
        {
            return dots == 2 ? AuthenticationFault.EncryptedToken : AuthenticationFault.MalformedCredentials; // RFC 7516 §9
        }

        // Asked once for all of it: the decoder would pass blanks and padding over.
        return !text.ContainsAnyExcept(Characters) && TryDecode(text[..first], buffer, out var json) && !payload.IsEmpty
            && IsWhole(payload) && IsWhole(signature)
            ? TryReadHeader(json, text[..second], payload, signature, out token)
            : AuthenticationFault.MalformedCredentials;
    }

    /// <summary>Whether a key has made the signature.</summary>
    /// <param name="key">The key; of those that allow the algorithm.</param>
    /// <param name="buffer">Room for the signature, of <see cref="BufferLength"/>.</param>
    public bool IsSignedBy(VerificationKey key, Span<byte> buffer)
    {
        try
        {
            return !_signature.IsEmpty && TryDecode(_signature, buffer, out var signature)
                && key.Verify(Algorithm, Signed, signature) == true;
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return false; // a signature that the system refuses to look at
        }
    }

    /// <summary>What the token claims. To be asked once the signature was verified.</summary>
    /// <returns>What is wrong with it; None for nothing.</returns>
    public AuthenticationFault TryReadClaims(out ClaimSet claims)
    {
        var json = new byte[Base64Url.GetMaxDecodedLength(_payload.Length)]; // exactly as long, since there is no padding
        if (!TryDecode(_payload, json, out var payload) || payload.Length != json.Length)
        {
            claims = ClaimSet.None;
            return AuthenticationFault.MalformedCredentials;
        }

        return ClaimSet.TryParse(json, out claims) switch
        {
            JsonVerdict.Valid => AuthenticationFault.None,
            JsonVerdict.Duplicate => AuthenticationFault.DuplicateClaim,
            _ => AuthenticationFault.MalformedCredentials,
        };
    }

    [SkipLocalsInit] // members are written before they are read
    private static AuthenticationFault TryReadHeader(
        ReadOnlySpan<byte> json, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> signature, out JsonWebToken token)
    {
        token = default;
        Span<JsonMember> members = stackalloc JsonMember[JsonText.MaxMembers];
        if (JsonText.TryRead(json, members, out var count) != JsonVerdict.Valid)
        {
            return AuthenticationFault.MalformedCredentials;
        }

        ReadOnlySpan<byte> algorithm = default, keyId = default, type = default;
        var isEncoded = true;
        foreach (ref readonly var member in members[..count])
        {
            var name = member.Name(json);
            var value = member.Value(json);
            if (name.SequenceEqual("crit"u8))
            {
                return AuthenticationFault.CriticalExtension;
            }

            if (name.SequenceEqual("enc"u8) || name.SequenceEqual("zip"u8))
            {
                return AuthenticationFault.EncryptedToken;
            }

            var isString = member.Kind == JsonKind.String && !value.Contains((byte)'\\');
            if (name.SequenceEqual("b64"u8))
            {
                isEncoded = member.Kind == JsonKind.True; // RFC 7797 needs crit with it
            }
            else if (name.SequenceEqual("alg"u8))
            {
                algorithm = isString ? value[1..^1] : default;
            }
            else if (name.SequenceEqual("kid"u8))
            {
                if (!isString)
                {
                    return member.Kind == JsonKind.String ? AuthenticationFault.UnknownKey : AuthenticationFault.MalformedCredentials;
                }

                keyId = value[1..^1];
            }
            else if (name.SequenceEqual("typ"u8))
            {
                type = isString ? value[1..^1] : default;
            }
        }

        if (algorithm.IsEmpty || !isEncoded)
        {
            return AuthenticationFault.MalformedCredentials;
        }

        if (SignatureAlgorithm.Find(algorithm) is not { Kind: not KeyKind.None } known)
        {
            return AuthenticationFault.UnsupportedAlgorithm;
        }

        token = new JsonWebToken(known, keyId, type, signed, payload, signature);
        return AuthenticationFault.None;
    }

    /// <summary>Whether digits are whole bytes.</summary>
    private static bool IsWhole(ReadOnlySpan<byte> text) => text.Length % 4 != 1;

    private static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> buffer, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (!IsWhole(text) || Base64Url.DecodeFromUtf8(text, buffer, out _, out var length) != OperationStatus.Done)
        {
            return false;
        }

        bytes = buffer[..length];
        return true;
    }
}
