using System.Security.Cryptography;

namespace ProxyKit.Tiers;

/// <summary>The key that a client is counted under.</summary>
internal static class TierKey
{
    /// <summary>How long a key is at most. A longer one is counted under its hash, so that nobody can have much kept.</summary>
    public const int MostBytes = 128;

    /// <summary>What stands between the parts of a key that has several; within them a backslash goes before it, so that no two keys are one.</summary>
    public const byte Separator = (byte)'|';

    private const byte Escape = (byte)'\\';

    /// <summary>How long a part becomes at most.</summary>
    public static int LengthOf(ReadOnlySpan<byte> part) => (2 * part.Length) + 1;

    /// <summary>Adds one of several parts.</summary>
    public static int Append(ReadOnlySpan<byte> part, bool isFirst, Span<byte> destination)
    {
        var written = 0;
        if (!isFirst)
        {
            destination[written++] = Separator;
        }

        foreach (var b in part)
        {
            if (b is Separator or Escape)
            {
                destination[written++] = Escape;
            }

            destination[written++] = b;
        }

        return written;
    }

    /// <summary>Has the admission have the key, or what stands for one that is long.</summary>
    public static void Set(Admission admission, ReadOnlySpan<byte> key)
    {
        if (key.Length <= MostBytes)
        {
            admission.SetKey(key);
            return;
        }

        Span<byte> name = stackalloc byte[7 + (2 * SHA256.HashSizeInBytes)];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(key, hash);
        "sha256-"u8.CopyTo(name);
        Convert.TryToHexStringLower(hash, name[7..], out _);
        admission.SetKey(name);
    }
}
