using System.Security.Cryptography;
using ProxyKit.Identities;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Converters.Jwt;

/// <summary>Reads keys in JSON (RFC 7517) that tokens are decrypted with.</summary>
internal static class JsonKeyReader
{
    private const int MostRsaBytes = 1024; // beyond, a decryption takes too long

    /// <summary>Reads a secret or a private key; null where it is none.</summary>
    /// <param name="json">The text.</param>
    /// <param name="scratch">Has room for what is decoded.</param>
    public static JweKey? ReadPrivate(ReadOnlySpan<byte> json, Scratch scratch)
    {
        Span<JsonMember> members = stackalloc JsonMember[JsonText.MaxMembers];
        if (JsonText.TryRead(json, members, out var count) != JsonVerdict.Valid)
        {
            return null;
        }

        members = members[..count];
        var kind = Text(json, members, "kty"u8);
        try
        {
            if (kind.SequenceEqual("oct"u8))
            {
                return Bytes(json, members, "k"u8, scratch) is { Length: > 0 } secret ? new JweKey(secret) : null;
            }

            if (kind.SequenceEqual("RSA"u8))
            {
                return ReadRsa(json, members, scratch);
            }

            return kind.SequenceEqual("EC"u8) && ReadCurve(json, members, scratch) is { D: not null } parameters
                ? new JweKey(ECDiffieHellman.Create(parameters))
                : null;
        }
        catch (CryptographicException)
        {
            return null; // numbers that make no key
        }
    }

    /// <summary>Reads a public key on a curve; null where it is none.</summary>
    /// <param name="json">The text.</param>
    /// <param name="wanted">The curve that it has to be on.</param>
    /// <param name="scratch">Has room for what is decoded.</param>
    public static ECDiffieHellman? ReadPublicCurve(ReadOnlySpan<byte> json, ECCurve wanted, Scratch scratch)
    {
        Span<JsonMember> members = stackalloc JsonMember[JsonText.MaxMembers];
        if (json.IsEmpty || JsonText.TryRead(json, members, out var count) != JsonVerdict.Valid || ReadCurve(json, members[..count], scratch) is not { } parameters
            || parameters.Curve.Oid.Value != wanted.Oid.Value)
        {
            return null;
        }

        parameters.D = null;
        try
        {
            return ECDiffieHellman.Create(parameters);
        }
        catch (CryptographicException)
        {
            return null; // no point of the curve
        }
    }

    private static JweKey? ReadRsa(ReadOnlySpan<byte> json, ReadOnlySpan<JsonMember> members, Scratch scratch)
    {
        if (Bytes(json, members, "n"u8, scratch) is not { Length: > 0 and <= MostRsaBytes } modulus)
        {
            return null;
        }

        var half = (modulus.Length + 1) / 2;
        var parameters = new RSAParameters
        {
            Modulus = modulus,
            Exponent = Bytes(json, members, "e"u8, scratch),
            D = Padded(Bytes(json, members, "d"u8, scratch), modulus.Length),
            P = Padded(Bytes(json, members, "p"u8, scratch), half),
            Q = Padded(Bytes(json, members, "q"u8, scratch), half),
            DP = Padded(Bytes(json, members, "dp"u8, scratch), half),
            DQ = Padded(Bytes(json, members, "dq"u8, scratch), half),
            InverseQ = Padded(Bytes(json, members, "qi"u8, scratch), half),
        };
        return parameters is { Exponent: not null, D: not null, P: not null, Q: not null, DP: not null, DQ: not null, InverseQ: not null }
            ? new JweKey(RSA.Create(parameters))
            : null;
    }

    private static ECParameters? ReadCurve(ReadOnlySpan<byte> json, ReadOnlySpan<JsonMember> members, Scratch scratch)
    {
        var name = Text(json, members, "crv"u8);
        var (curve, length) = name.SequenceEqual("P-256"u8) ? (ECCurve.NamedCurves.nistP256, 32)
            : name.SequenceEqual("P-384"u8) ? (ECCurve.NamedCurves.nistP384, 48)
            : name.SequenceEqual("P-521"u8) ? (ECCurve.NamedCurves.nistP521, 66)
            : (default, 0);
        var x = Bytes(json, members, "x"u8, scratch);
        var y = Bytes(json, members, "y"u8, scratch);
        return length > 0 && x?.Length == length && y?.Length == length // RFC 7518 §6.2.1.2: in full
            ? new ECParameters { Curve = curve, Q = new ECPoint { X = x, Y = y }, D = Padded(Bytes(json, members, "d"u8, scratch), length) }
            : null;
    }

    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> json, ReadOnlySpan<JsonMember> members, ReadOnlySpan<byte> name)
    {
        foreach (ref readonly var member in members)
        {
            if (member.Name(json).SequenceEqual(name))
            {
                return JweHeader.Unquote(member.Value(json));
            }
        }

        return default;
    }

    /// <summary>The bytes of a member; null where there is none.</summary>
    private static byte[]? Bytes(ReadOnlySpan<byte> json, ReadOnlySpan<JsonMember> members, ReadOnlySpan<byte> name, Scratch scratch) =>
        Text(json, members, name) is { IsEmpty: false } text && JweToken.TryDecode(text, scratch, out var bytes) ? bytes.ToArray() : null;

    /// <summary>A number with zeros in front, as long as .NET wants it; null where it is longer.</summary>
    private static byte[]? Padded(byte[]? number, int length)
    {
        if (number is null || number.Length > length)
        {
            return null;
        }

        var padded = new byte[length];
        number.CopyTo(padded, length - number.Length);
        return padded;
    }
}
