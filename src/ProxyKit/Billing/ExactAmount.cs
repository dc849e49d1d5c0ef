using System.Numerics;

namespace ProxyKit.Billing;

/// <summary>An amount of money as a fraction, so that nothing is rounded before its line is done.</summary>
internal readonly record struct ExactAmount
{
    private readonly BigInteger _numerator;
    private readonly BigInteger _denominator;

    private ExactAmount(BigInteger numerator, BigInteger denominator) => (_numerator, _denominator) = (numerator, denominator);

    /// <summary>A price times a fraction.</summary>
    public static ExactAmount Of(decimal price, BigInteger times, BigInteger per)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(price, bits);
        var digits = new BigInteger((uint)bits[0]) | (new BigInteger((uint)bits[1]) << 32) | (new BigInteger((uint)bits[2]) << 64);
        var sign = bits[3] < 0 ? -1 : 1;
        return new(sign * digits * times, BigInteger.Pow(10, price.Scale) * per);
    }

    public static ExactAmount operator +(ExactAmount a, ExactAmount b) =>
        new((a._numerator * b._denominator) + (b._numerator * a._denominator), a._denominator * b._denominator);

    /// <summary>The amount in so many places; halves go to the even neighbour.</summary>
    /// <exception cref="OverflowException">It is beyond what a decimal holds.</exception>
    public decimal Round(int decimals)
    {
        var scaled = _numerator * BigInteger.Pow(10, decimals);
        var (quotient, remainder) = BigInteger.DivRem(BigInteger.Abs(scaled), _denominator);
        var twice = remainder * 2;
        if (twice > _denominator || (twice == _denominator && !quotient.IsEven))
        {
            quotient++;
        }

        var whole = (decimal)(scaled.Sign < 0 ? -quotient : quotient);
        var bits = decimal.GetBits(whole);
        return new decimal(bits[0], bits[1], bits[2], whole < 0, (byte)decimals);
    }
}
