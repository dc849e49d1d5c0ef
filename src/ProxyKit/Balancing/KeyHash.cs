using ProxyKit.Balancing.Hashes;

namespace ProxyKit.Balancing;

/// <summary>Makes a number of a key, as a <see cref="HashType"/> says.</summary>
/// <param name="Function">What the bytes go through.</param>
/// <param name="Mixes">Whether the number is mixed once more.</param>
internal readonly record struct KeyHash(HashFunction Function, bool Mixes)
{
    public KeyHash(HashType type)
        : this(type.Function, type.Avalanche)
    {
    }

    public uint Of(ReadOnlySpan<byte> key) => OfNumber(Function switch
    {
        HashFunction.Djb2 => StringHash.Djb2(key),
        HashFunction.Wt6 => StringHash.Wt6(key),
        HashFunction.Crc32 => Crc32.OfIeee(key),
        HashFunction.None => LeadingNumber(key),
        _ => StringHash.Sdbm(key),
    });

    /// <summary>The hash of what is a number already, whatever the function.</summary>
    public uint OfNumber(uint number) => Mixes ? Avalanche.Mix(number) : number;

    /// <summary>The digits that a text begins with; what is beyond 32 bits is lost.</summary>
    private static uint LeadingNumber(ReadOnlySpan<byte> text)
    {
        uint number = 0;
        foreach (var c in text)
        {
            if (c is < (byte)'0' or > (byte)'9')
            {
                break;
            }

            number = (number * 10) + (c - (uint)'0');
        }

        return number;
    }
}
