using ProxyKit.Authentication;

namespace ProxyKit.Tests.Authentication;

public sealed class UniversalHashTests
{
    private readonly UniversalHash _hash = new(longest: 77);

    [Fact]
    public void Each_bit_of_a_text_counts_in_both_halves()
    {
        for (var length = 1; length <= 77; length++)
        {
            var text = Some(length);
            var (first, second) = Halves(text);
            Assert.Equal((first, second), Halves(text));
            for (var bit = 0; bit < length * 8; bit++)
            {
                text[bit / 8] ^= (byte)(1 << (bit % 8));
                var (otherFirst, otherSecond) = Halves(text);
                text[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.NotEqual(first, otherFirst);
                Assert.NotEqual(second, otherSecond);
            }
        }
    }

    [Fact]
    public void Zeros_at_the_end_count()
    {
        var hashes = Enumerable.Range(0, 78).Select(length => Halves(new byte[length])).ToArray();

        Assert.Equal(hashes.Length, hashes.Select(static h => h.First).Distinct().Count());
        Assert.Equal(hashes.Length, hashes.Select(static h => h.Second).Distinct().Count());
    }

    [Fact]
    public void Words_in_another_order_are_another_text()
    {
        var text = Some(64);
        var halves = Halves(text);
        for (var from = 0; from < 8; from++)
        {
            for (var to = from + 1; to < 8; to++)
            {
                var other = text.ToArray();
                text.AsSpan(from * 8, 8).CopyTo(other.AsSpan(to * 8));
                text.AsSpan(to * 8, 8).CopyTo(other.AsSpan(from * 8));
                var (first, second) = Halves(other);
                Assert.NotEqual(halves.First, first);
                Assert.NotEqual(halves.Second, second);
            }
        }
    }

    [Fact]
    public void Another_key_makes_another_hash()
    {
        var other = new byte[TokenCache.HashLength];
        new UniversalHash(77).Compute("a text"u8, other);
        var (first, second) = Halves("a text"u8);

        Assert.NotEqual(first, BitConverter.ToUInt128(other));
        Assert.NotEqual(second, BitConverter.ToUInt128(other.AsSpan(16)));
    }

    private static byte[] Some(int length)
    {
        var text = new byte[length];
        new Random(1).NextBytes(text);
        return text;
    }

    private (UInt128 First, UInt128 Second) Halves(ReadOnlySpan<byte> text)
    {
        Span<byte> hash = stackalloc byte[TokenCache.HashLength];
        _hash.Compute(text, hash);
        return (BitConverter.ToUInt128(hash), BitConverter.ToUInt128(hash[16..]));
    }
}
