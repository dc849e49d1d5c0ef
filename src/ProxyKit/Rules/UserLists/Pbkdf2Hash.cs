using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;

namespace ProxyKit.Rules.UserLists;

/// <summary>A password's hash by PBKDF2 (RFC 8018 §5.2), as many programs write it: <c>$pbkdf2-sha256$rounds$salt$hash</c>, the last two in base64
/// without padding, a dot or a plus for its 62nd digit.</summary>
internal sealed class Pbkdf2Hash : PasswordHash
{
    private const int LeastRounds = 1_000, MostRounds = 100_000_000;

    private readonly HashAlgorithmName _algorithm;
    private readonly int _rounds;
    private readonly byte[] _salt, _expected;

    private Pbkdf2Hash(HashAlgorithmName algorithm, int rounds, byte[] salt, byte[] expected) =>
        (_algorithm, _rounds, _salt, _expected) = (algorithm, rounds, salt, expected);

    public static bool TryParse(string text, [NotNullWhen(true)] out Pbkdf2Hash? hash)
    {
        hash = null;
        if (text.Split('$') is not ["", "pbkdf2-sha256" or "pbkdf2-sha512", var rounds, var salt, var digest]
            || !int.TryParse(rounds, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is < LeastRounds or > MostRounds
            || !TryDecode(salt, out var saltBytes) || !TryDecode(digest, out var expected))
        {
            return false;
        }

        var algorithm = text.StartsWith("$pbkdf2-sha256$", StringComparison.Ordinal) ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA512;
        if (expected.Length != (algorithm == HashAlgorithmName.SHA256 ? SHA256.HashSizeInBytes : SHA512.HashSizeInBytes))
        {
            return false;
        }

        hash = new Pbkdf2Hash(algorithm, count, saltBytes, expected);
        return true;
    }

    public override bool Matches(ReadOnlySpan<byte> password)
    {
        Span<byte> derived = stackalloc byte[SHA512.HashSizeInBytes];
        derived = derived[.._expected.Length];
        Rfc2898DeriveBytes.Pbkdf2(password, _salt, derived, _rounds, _algorithm);
        return CryptographicOperations.FixedTimeEquals(derived, _expected);
    }

    private static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = new byte[(text.Length * 3 / 4) + 3];
        var padded = text.Replace('.', '+').TrimEnd('=');
        padded = padded.PadRight((padded.Length + 3) / 4 * 4, '=');
        if (!Convert.TryFromBase64String(padded, bytes, out var length))
        {
            return false;
        }

        bytes = bytes[..length];
        return true;
    }
}
