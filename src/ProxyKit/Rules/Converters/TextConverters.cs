using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;
using ProxyKit.Rules.Variables;
using static ProxyKit.Rules.Samples.SampleType;

namespace ProxyKit.Rules.Converters;

/// <summary>What is done to texts as bytes: none of it knows anything but ASCII.</summary>
internal static class TextConverters
{
    public static IEnumerable<ConverterKeyword> All =>
    [
        Converter.Of("lower", SampleType.String, SampleType.String, Lower),
        Converter.Of("upper", SampleType.String, SampleType.String, Upper),
        Converter.Of("length", SampleType.String, Integer, static (_, ref s) => s.Set((long)s.Bytes.Length)),
        Converter.Of("reverse", SampleType.String, SampleType.String, Reverse),
        Converter.Of("reverse_dom", SampleType.String, SampleType.String, ReverseDomain),
        Converter.Of("cut_crlf", SampleType.String, SampleType.String, CutAtLineEnd),
        Converter.Of("ltrim", SampleType.String, SampleType.String, TrimStart, Argument.Text("chars")),
        Converter.Of("rtrim", SampleType.String, SampleType.String, TrimEnd, Argument.Text("chars")),
        Converter.Of(
            "concat", SampleType.String, SampleType.String, Concat,
            Argument.OptionalText("start"), Argument.OptionalVariable("var"), Argument.OptionalText("end")),
        Converter.Of(
            "add_item", SampleType.String, SampleType.String, AddItem,
            Argument.Text("delim"), Argument.OptionalVariable("var"), Argument.OptionalText("suffix")),
        Converter.Of("strcmp", SampleType.String, Integer, Compare, Argument.Variable("var")),
    ];

    /// <summary>Replaces the sample by a copy in lower case.</summary>
    public static bool Lower(RuleContext context, ref Sample sample) => ChangeCase(context, ref sample, (byte)'A', (byte)'Z');

    private static bool Upper(RuleContext context, ref Sample sample) => ChangeCase(context, ref sample, (byte)'a', (byte)'z');

    private static bool ChangeCase(RuleContext context, ref Sample sample, byte first, byte last)
    {
        var start = sample.Bytes.IndexOfAnyInRange(first, last);
        if (start < 0)
        {
            return sample.SetString(sample.Bytes);
        }

        var copy = context.Scratch.Rent(sample.Bytes.Length);
        sample.Bytes.CopyTo(copy);
        foreach (ref var b in copy[start..])
        {
            if (b >= first && b <= last)
            {
                b ^= 0x20;
            }
        }

        return sample.SetString(copy);
    }

    private static bool Reverse(RuleContext context, ref Sample sample)
    {
        var copy = context.Scratch.Rent(sample.Bytes.Length);
        sample.Bytes.CopyTo(copy);
        copy.Reverse();
        return sample.SetString(copy);
    }

    private static bool ReverseDomain(RuleContext context, ref Sample sample)
    {
        var rest = sample.Bytes;
        if (rest.EndsWith((byte)'.'))
        {
            rest = rest[..^1];
        }

        var reversed = context.Scratch.Rent(rest.Length);
        var written = 0;
        while (true)
        {
            var dot = rest.LastIndexOf((byte)'.');
            var label = rest[(dot + 1)..];
            if (label.IsEmpty)
            {
                return false;
            }

            label.CopyTo(reversed[written..]);
            written += label.Length;
            if (dot < 0)
            {
                return sample.SetString(reversed);
            }

            reversed[written++] = (byte)'.';
            rest = rest[..dot];
        }
    }

    private static bool CutAtLineEnd(RuleContext context, ref Sample sample) =>
        sample.SetString(sample.Bytes.IndexOfAny((byte)'\r', (byte)'\n') is >= 0 and var end ? sample.Bytes[..end] : sample.Bytes);

    private static SampleConverter TrimStart(KeywordUse use)
    {
        var characters = ArgumentBytes.Of(use, 0);
        return (_, ref sample) => sample.SetString(sample.Bytes.TrimStart(characters));
    }

    private static SampleConverter TrimEnd(KeywordUse use)
    {
        var characters = ArgumentBytes.Of(use, 0);
        return (_, ref sample) => sample.SetString(sample.Bytes.TrimEnd(characters));
    }

    private static SampleConverter Concat(KeywordUse use)
    {
        var (start, end) = (ArgumentBytes.Of(use, 0), ArgumentBytes.Of(use, 2));
        var variable = use.Arguments.IsGiven(1) ? use.Compiler.VariableFor(use.Arguments.Text(1)) : null;
        return (context, ref sample) => sample.SetString(Join(context, sample.Bytes, start, TextOf(context, variable), end));
    }

    private static SampleConverter AddItem(KeywordUse use)
    {
        if (!use.Arguments.IsGiven(1) && !use.Arguments.IsGiven(2))
        {
            throw new FormatException("one of the optional arguments has to be nonempty");
        }

        var (delimiter, end) = (ArgumentBytes.Of(use, 0), ArgumentBytes.Of(use, 2));
        var variable = use.Arguments.IsGiven(1) ? use.Compiler.VariableFor(use.Arguments.Text(1)) : null;
        return (context, ref sample) =>
        {
            var item = TextOf(context, variable);
            var separates = !sample.Bytes.IsEmpty && !(item.IsEmpty && end.Length == 0);
            return sample.SetString(Join(context, sample.Bytes, separates ? delimiter : default, item, end));
        };
    }

    private static SampleConverter Compare(KeywordUse use)
    {
        var variable = use.Compiler.VariableFor(use.Arguments.Text(0));
        return (context, ref sample) =>
        {
            var other = default(Sample);
            return variable.TryGet(context, ref other) && SampleCasts.TryCast(context, ref other, SampleType.String)
                && sample.Set(Math.Sign(sample.Bytes.SequenceCompareTo(other.Bytes)));
        };
    }

    /// <summary>What a variable has, as text; empty where it has nothing.</summary>
    private static ReadOnlySpan<byte> TextOf(RuleContext context, Variable? variable)
    {
        var sample = default(Sample);
        return variable is not null && variable.TryGet(context, ref sample) && SampleCasts.TryCast(context, ref sample, SampleType.String)
            ? sample.Bytes
            : default;
    }

    private static Span<byte> Join(
        RuleContext context, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, ReadOnlySpan<byte> c, ReadOnlySpan<byte> d)
    {
        var writer = new ResultWriter(context, a.Length + b.Length + c.Length + d.Length);
        writer.Write(a);
        writer.Write(b);
        writer.Write(c);
        writer.Write(d);
        return writer.Finish();
    }
}
