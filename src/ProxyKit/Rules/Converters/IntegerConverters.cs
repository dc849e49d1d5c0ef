using System.Buffers.Binary;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using static ProxyKit.Rules.Samples.SampleType;

namespace ProxyKit.Rules.Converters;

/// <summary>Arithmetic on signed 64-bit integers that stops at their limits, and tests of integers.</summary>
internal static class IntegerConverters
{
    public static IEnumerable<ConverterKeyword> All =>
    [
        Arithmetic("add", static (a, b) => Saturate((Int128)a + b)),
        Arithmetic("sub", static (a, b) => Saturate((Int128)a - b)),
        Arithmetic("mul", static (a, b) => Saturate((Int128)a * b)),
        Arithmetic("div", static (a, b) => b == 0 ? long.MaxValue : Saturate((Int128)a / b)),
        Arithmetic("mod", static (a, b) => b is 0 or -1 ? 0 : a % b), // the smallest integer by -1 would overflow
        Arithmetic("and", static (a, b) => a & b),
        Arithmetic("or", static (a, b) => a | b),
        Arithmetic("xor", static (a, b) => a ^ b),
        Converter.Of("neg", Integer, Integer, static (_, ref s) => s.Set(s.Type, Saturate(-(Int128)s.Integer))),
        Converter.Of("cpl", Integer, Integer, static (_, ref s) => s.Set(s.Type, ~s.Integer)),
        Converter.Of("bool", Integer, SampleType.Boolean, static (_, ref s) => s.Set(s.Integer != 0)),
        Converter.Of("not", Integer, SampleType.Boolean, static (_, ref s) => s.Set(s.Integer == 0)),
        Converter.Of("odd", Integer, SampleType.Boolean, static (_, ref s) => s.Set((s.Integer & 1) != 0)),
        Converter.Of("even", Integer, SampleType.Boolean, static (_, ref s) => s.Set((s.Integer & 1) == 0)),
        Converter.Of("htonl", Integer, Binary, NetworkOrder),
        Converter.Of("hex2i", SampleType.String, Integer, FromHex),
        Converter.Of("iif", SampleType.Boolean, SampleType.String, Choice, Argument.Text("true"), Argument.Text("false")),
    ];

    /// <summary>Such a converter leaves the sample the type it has, so that a boolean one adds to stays one.</summary>
    private static ConverterKeyword Arithmetic(string name, Func<long, long, long> operate) => Converter.Of(
        name,
        Integer,
        Integer,
        use =>
        {
            var operand = new IntegerArgument(use, 0);
            return (context, ref sample) =>
                operand.TryGet(context, out var value) && sample.Set(sample.Type, operate(sample.Integer, value));
        },
        Argument.IntegerOrVariable("value"));

    private static long Saturate(Int128 value) =>
        value > long.MaxValue ? long.MaxValue : value < long.MinValue ? long.MinValue : (long)value;

    private static bool NetworkOrder(RuleContext context, ref Sample sample)
    {
        var bytes = context.Scratch.Rent(4);
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)sample.Integer);
        return sample.SetBinary(bytes);
    }

    private static bool FromHex(RuleContext context, ref Sample sample)
    {
        ulong value = 0;
        foreach (var b in sample.Bytes)
        {
            if (HexDigits.ValueOf(b) is var digit && digit < 0)
            {
                return false;
            }

            value = (value << 4) | (uint)digit;
        }

        return sample.Set((long)value);
    }

    private static SampleConverter Choice(KeywordUse use)
    {
        var (ifTrue, ifFalse) = (ArgumentBytes.Of(use, 0), ArgumentBytes.Of(use, 1));
        return (_, ref sample) => sample.SetString(sample.IsTrue ? ifTrue : ifFalse);
    }
}
