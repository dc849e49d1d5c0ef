using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ProxyKit.Rules.UserLists;

/// <summary>A password's hash of crypt(3), by SHA-256 (<c>$5$</c>) or SHA-512 (<c>$6$</c>): Ulrich Drepper's specification of 2007.</summary>
internal sealed class ShaCrypt : PasswordHash
{
    private const int DefaultRounds = 5000;
    private const int MaxSaltLength = 16;
    private const int LongestPassword = 511; // that crypt(3) takes (libxcrypt): what it costs grows with the square of the length, and clients send the password
    private const string RoundsPrefix = "rounds=";

    private static readonly byte[] Digits = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8.ToArray();

    // Which bytes of the digest the groups of the text are made of, three to a group, the highest first.
    private static readonly int[] Order256 = [0, 10, 20, 21, 1, 11, 12, 22, 2, 3, 13, 23, 24, 4, 14, 15, 25, 5, 6, 16, 26, 27, 7, 17, 18, 28, 8, 9, 19, 29];
    private static readonly int[] Order512 =
    [
        0, 21, 42, 22, 43, 1, 44, 2, 23, 3, 24, 45, 25, 46, 4, 47, 5, 26, 6, 27, 48, 28, 49, 7, 50, 8, 29, 9, 30, 51, 31, 52, 10, 53, 11, 32,
        12, 33, 54, 34, 55, 13, 56, 14, 35, 15, 36, 57, 37, 58, 16, 59, 17, 38, 18, 39, 60, 40, 61, 19, 62, 20, 41,
    ];

    private readonly HashAlgorithmName _algorithm;
    private readonly byte[] _salt;
    private readonly int _rounds;
    private readonly byte[] _expected;

    private ShaCrypt(HashAlgorithmName algorithm, byte[] salt, int rounds, byte[] expected)
    {
        _algorithm = algorithm;
        _salt = salt;
        _rounds = rounds;
        _expected = expected;
    }

    private int Size => _algorithm == HashAlgorithmName.SHA256 ? SHA256.HashSizeInBytes : SHA512.HashSizeInBytes;

    /// <summary>Reads <c>$5$salt$hash</c> or <c>$5$rounds=n$salt$hash</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ShaCrypt? hash)
    {
        hash = null;
        var parts = text.Split('$');
        var rounds = DefaultRounds;
        if (parts is ["", _, var first, _, _] && first.StartsWith(RoundsPrefix, StringComparison.Ordinal))
        {
            if (!uint.TryParse(first.AsSpan(RoundsPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var asked))
            {
                return false;
            }

            rounds = (int)Math.Clamp(asked, 1_000, 999_999_999);
            parts = ["", parts[1], parts[3], parts[4]];
        }

        if (parts is not ["", "5" or "6", var salt, { Length: > 0 } expected])
        {
            return false;
        }

        var isShort = parts[1] == "5";
        if (expected.Length != (isShort ? 43 : 86))
        {
            return false;
        }

        hash = new ShaCrypt(
            isShort ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA512,
            Encoding.UTF8.GetBytes(salt.Length > MaxSaltLength ? salt[..MaxSaltLength] : salt),
            rounds,
            Encoding.UTF8.GetBytes(expected));
        return true;
    }

    public override bool Matches(ReadOnlySpan<byte> password)
    {
        if (password.Length > LongestPassword)
        {
            return false;
        }

        Span<byte> digest = stackalloc byte[SHA512.HashSizeInBytes];
        Span<byte> text = stackalloc byte[86];
        digest = digest[..Size];
        Compute(password, digest);
        text = text[..Write(digest, text)];
        return CryptographicOperations.FixedTimeEquals(text, _expected);
    }

    private void Compute(ReadOnlySpan<byte> password, Span<byte> digest)
    {
        using var hash = IncrementalHash.CreateHash(_algorithm);
        hash.AppendData(password);
        hash.AppendData(_salt);
        hash.AppendData(password);
        hash.GetHashAndReset(digest);

        hash.AppendData(password);
        hash.AppendData(_salt);
        AppendRepeated(hash, digest, password.Length);
        for (var bits = password.Length; bits > 0; bits >>= 1)
        {
            hash.AppendData((bits & 1) != 0 ? digest : password);
        }

        hash.GetHashAndReset(digest);
        var spread = Spread(hash, password, password.Length, password.Length);
        var spreadSalt = Spread(hash, _salt, 16 + digest[0], _salt.Length);
        for (var round = 0; round < _rounds; round++)
        {
            var isOdd = (round & 1) != 0;
            hash.AppendData(isOdd ? spread : digest);
            if (round % 3 != 0)
            {
                hash.AppendData(spreadSalt);
            }

            if (round % 7 != 0)
            {
                hash.AppendData(spread);
            }

            hash.AppendData(isOdd ? digest : spread);
            hash.GetHashAndReset(digest);
        }

        CryptographicOperations.ZeroMemory(spread);
    }

    /// <summary>The digest of a text said several times over, itself repeated up to a length.</summary>
    private byte[] Spread(IncrementalHash hash, ReadOnlySpan<byte> text, int times, int length)
    {
        for (var i = 0; i < times; i++)
        {
            hash.AppendData(text);
        }

        Span<byte> digest = stackalloc byte[SHA512.HashSizeInBytes];
        digest = digest[..Size];
        hash.GetHashAndReset(digest);
        var spread = new byte[length];
        for (var i = 0; i < length; i++)
        {
            spread[i] = digest[i % digest.Length];
        }

        return spread;
    }

    private static void AppendRepeated(IncrementalHash hash, ReadOnlySpan<byte> digest, int length)
    {
        for (; length > digest.Length; length -= digest.Length)
        {
            hash.AppendData(digest);
        }

        hash.AppendData(digest[..length]);
    }

    private int Write(ReadOnlySpan<byte> digest, Span<byte> text)
    {
        var order = _algorithm == HashAlgorithmName.SHA256 ? Order256 : Order512;
        var written = 0;
        for (var i = 0; i < order.Length; i += 3)
        {
            Put((digest[order[i]] << 16) | (digest[order[i + 1]] << 8) | digest[order[i + 2]], 4, text, ref written);
        }

        if (_algorithm == HashAlgorithmName.SHA256)
        {
            Put((digest[31] << 8) | digest[30], 3, text, ref written);
        }
        else
        {
            Put(digest[63], 2, text, ref written);
        }

        return written;
    }

    private static void Put(int bits, int digits, Span<byte> text, ref int written)
    {
        for (; digits > 0; digits--, bits >>= 6)
        {
            text[written++] = Digits[bits & 63];
        }
    }
}
