using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace ProxyKit.Rules.Converters.Hashes;

/// <summary>XXH3 of 64 bits: another function for each range of lengths.</summary>
internal static class XxHash3
{
    private const uint P32A = 2654435761, P32B = 2246822519, P32C = 3266489917;
    private const ulong PMx1 = 0x165667919E3779F9, PMx2 = 0x9FB21C651E98DF25;
    private const int StripeLength = 64, SecretStep = 8, SecretMinimum = 136;

    private static ReadOnlySpan<byte> Secret =>
    [
        0xb8, 0xfe, 0x6c, 0x39, 0x23, 0xa4, 0x4b, 0xbe, 0x7c, 0x01, 0x81, 0x2c, 0xf7, 0x21, 0xad, 0x1c,
        0xde, 0xd4, 0x6d, 0xe9, 0x83, 0x90, 0x97, 0xdb, 0x72, 0x40, 0xa4, 0xa4, 0xb7, 0xb3, 0x67, 0x1f,
        0xcb, 0x79, 0xe6, 0x4e, 0xcc, 0xc0, 0xe5, 0x78, 0x82, 0x5a, 0xd0, 0x7d, 0xcc, 0xff, 0x72, 0x21,
        0xb8, 0x08, 0x46, 0x74, 0xf7, 0x43, 0x24, 0x8e, 0xe0, 0x35, 0x90, 0xe6, 0x81, 0x3a, 0x26, 0x4c,
        0x3c, 0x28, 0x52, 0xbb, 0x91, 0xc3, 0x00, 0xcb, 0x88, 0xd0, 0x65, 0x8b, 0x1b, 0x53, 0x2e, 0xa3,
        0x71, 0x64, 0x48, 0x97, 0xa2, 0x0d, 0xf9, 0x4e, 0x38, 0x19, 0xef, 0x46, 0xa9, 0xde, 0xac, 0xd8,
        0xa8, 0xfa, 0x76, 0x3f, 0xe3, 0x9c, 0x34, 0x3f, 0xf9, 0xdc, 0xbb, 0xc7, 0xc7, 0x0b, 0x4f, 0x1d,
        0x8a, 0x51, 0xe0, 0x4b, 0xcd, 0xb4, 0x59, 0x31, 0xc8, 0x9f, 0x7e, 0xc9, 0xd9, 0x78, 0x73, 0x64,
        0xea, 0xc5, 0xac, 0x83, 0x34, 0xd3, 0xeb, 0xc3, 0xc5, 0x81, 0xa0, 0xff, 0xfa, 0x13, 0x63, 0xeb,
        0x17, 0x0d, 0xdd, 0x51, 0xb7, 0xf0, 0xda, 0x49, 0xd3, 0x16, 0x55, 0x26, 0x29, 0xd4, 0x68, 0x9e,
        0x2b, 0x16, 0xbe, 0x58, 0x7d, 0x47, 0xa1, 0xfc, 0x8f, 0xf8, 0xb8, 0xd1, 0x7a, 0xd0, 0x31, 0xce,
        0x45, 0xcb, 0x3a, 0x8f, 0x95, 0x16, 0x04, 0x28, 0xaf, 0xd7, 0xfb, 0xca, 0xbb, 0x4b, 0x40, 0x7e,
    ];

    public static ulong Of(ReadOnlySpan<byte> bytes, ulong seed = 0) => bytes.Length switch
    {
        0 => XxHash64.Avalanche(seed ^ Read(Secret, 56) ^ Read(Secret, 64)),
        <= 3 => Upto3(bytes, seed),
        <= 8 => Upto8(bytes, seed),
        <= 16 => Upto16(bytes, seed),
        <= 128 => Upto128(bytes, seed),
        <= 240 => Upto240(bytes, seed),
        _ => Longer(bytes, seed),
    };

    private static ulong Upto3(ReadOnlySpan<byte> bytes, ulong seed)
    {
        var combined = ((uint)bytes[0] << 16) | ((uint)bytes[bytes.Length >> 1] << 24) | bytes[^1] | ((uint)bytes.Length << 8);
        return XxHash64.Avalanche(combined ^ ((Read32(Secret, 0) ^ Read32(Secret, 4)) + seed));
    }

    private static ulong Upto8(ReadOnlySpan<byte> bytes, ulong seed)
    {
        seed ^= (ulong)BinaryPrimitives.ReverseEndianness((uint)seed) << 32;
        var input = Read32(bytes, bytes.Length - 4) + ((ulong)Read32(bytes, 0) << 32);
        var hash = input ^ ((Read(Secret, 8) ^ Read(Secret, 16)) - seed);
        hash ^= BitOperations.RotateLeft(hash, 49) ^ BitOperations.RotateLeft(hash, 24);
        hash *= PMx2;
        hash ^= (hash >> 35) + (ulong)bytes.Length;
        hash *= PMx2;
        return hash ^ (hash >> 28);
    }

    private static ulong Upto16(ReadOnlySpan<byte> bytes, ulong seed)
    {
        var low = Read(bytes, 0) ^ ((Read(Secret, 24) ^ Read(Secret, 32)) + seed);
        var high = Read(bytes, bytes.Length - 8) ^ ((Read(Secret, 40) ^ Read(Secret, 48)) - seed);
        return Mix((ulong)bytes.Length + BinaryPrimitives.ReverseEndianness(low) + high + Fold(low, high));
    }

    private static ulong Upto128(ReadOnlySpan<byte> bytes, ulong seed)
    {
        var hash = (ulong)bytes.Length * XxHash64.P1;
        for (var i = (bytes.Length - 1) / 32; i >= 0; i--)
        {
            hash += Mix16(bytes[(16 * i)..], Secret[(32 * i)..], seed);
            hash += Mix16(bytes[^(16 * (i + 1))..], Secret[((32 * i) + 16)..], seed);
        }

        return Mix(hash);
    }

    private static ulong Upto240(ReadOnlySpan<byte> bytes, ulong seed)
    {
        var hash = (ulong)bytes.Length * XxHash64.P1;
        for (var i = 0; i < 8; i++)
        {
            hash += Mix16(bytes[(16 * i)..], Secret[(16 * i)..], seed);
        }

        hash = Mix(hash);
        for (var i = 8; i < bytes.Length / 16; i++)
        {
            hash += Mix16(bytes[(16 * i)..], Secret[((16 * (i - 8)) + 3)..], seed);
        }

        return Mix(hash + Mix16(bytes[^16..], Secret[(SecretMinimum - 17)..], seed));
    }

    private static ulong Longer(ReadOnlySpan<byte> bytes, ulong seed)
    {
        Span<byte> secret = stackalloc byte[Secret.Length];
        for (var i = 0; i < secret.Length; i += 16)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(secret[i..], Read(Secret, i) + seed);
            BinaryPrimitives.WriteUInt64LittleEndian(secret[(i + 8)..], Read(Secret, i + 8) - seed);
        }

        Span<ulong> lanes = [P32C, XxHash64.P1, XxHash64.P2, XxHash64.P3, XxHash64.P4, P32B, XxHash64.P5, P32A];
        var stripesPerBlock = (secret.Length - StripeLength) / SecretStep;
        var stripes = (bytes.Length - 1) / StripeLength; // the last one, complete or not, is taken from the end
        for (var i = 0; i < stripes; i++)
        {
            var step = i % stripesPerBlock;
            Accumulate(lanes, bytes[(i * StripeLength)..], secret[(step * SecretStep)..]);
            if (step == stripesPerBlock - 1)
            {
                Scramble(lanes, secret[^StripeLength..]);
            }
        }

        Accumulate(lanes, bytes[^StripeLength..], secret[^(StripeLength + 7)..]);
        var hash = (ulong)bytes.Length * XxHash64.P1;
        for (var i = 0; i < 4; i++)
        {
            hash += Fold(lanes[2 * i] ^ Read(secret, 11 + (16 * i)), lanes[(2 * i) + 1] ^ Read(secret, 11 + (16 * i) + 8));
        }

        return Mix(hash);
    }

    private static void Accumulate(Span<ulong> lanes, ReadOnlySpan<byte> stripe, ReadOnlySpan<byte> secret)
    {
        for (var i = 0; i < lanes.Length; i++)
        {
            var value = Read(stripe, 8 * i);
            var keyed = value ^ Read(secret, 8 * i);
            lanes[i ^ 1] += value;
            lanes[i] += (uint)keyed * (keyed >> 32);
        }
    }

    private static void Scramble(Span<ulong> lanes, ReadOnlySpan<byte> secret)
    {
        for (var i = 0; i < lanes.Length; i++)
        {
            lanes[i] = (lanes[i] ^ (lanes[i] >> 47) ^ Read(secret, 8 * i)) * P32A;
        }
    }

    private static ulong Mix16(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> secret, ulong seed) =>
        Fold(Read(bytes, 0) ^ (Read(secret, 0) + seed), Read(bytes, 8) ^ (Read(secret, 8) - seed));

    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return low ^ high;
    }

    private static ulong Mix(ulong hash)
    {
        hash = (hash ^ (hash >> 37)) * PMx1;
        return hash ^ (hash >> 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Read(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);

    private static uint Read32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}
