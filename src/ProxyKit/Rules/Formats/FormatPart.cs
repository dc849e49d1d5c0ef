using System.Text;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Formats;

/// <summary>A piece of the format: a literal, an alias, an expression or a blank.</summary>
internal readonly struct FormatPart
{
    public byte[]? Literal { get; private init; }

    public FormatAlias? Alias { get; private init; }

    public CompiledExpression? Expression { get; private init; }

    /// <summary>What the expression says that it yields.</summary>
    public SampleType Declared { get; private init; }

    public FormatFlags Flags { get; private init; }

    public FormatCast Cast { get; private init; }

    /// <summary>What stands before the value in a format that is encoded as a whole; empty for what does not stand there.</summary>
    public byte[] Key { get; private init; }

    public bool IsBlank => Literal is null && Alias is null && Expression is null;

    public static FormatPart Of(FormatItem item, FormatFlags encoding, FormatFlags excluded, RuleCompiler compiler) => new()
    {
        Literal = item.Text is null ? null : Encoding.UTF8.GetBytes(item.Text),
        Alias = item.Alias,
        Expression = item.Expression?.Compile(compiler),
        Declared = item.Expression?.Type ?? SampleType.Any,
        Flags = (encoding == FormatFlags.None ? item.Flags : (item.Flags & ~FormatFlags.Encoded) | encoding) & ~excluded,
        Cast = item.Cast,
        Key = item.Name.Length == 0 ? [] : KeyOf(item.Name, encoding),
    };

    /// <summary>Writes its value.</summary>
    public void Write(scoped in FormatFacts facts, ref FormatWriter writer)
    {
        writer.Begin(Flags, Cast);
        if (Alias is { } alias)
        {
            alias.Write(in facts, ref writer);
        }
        else
        {
            WriteExpression(facts.Context, ref writer);
        }
    }

    private void WriteExpression(RuleContext context, ref FormatWriter writer)
    {
        var sample = default(Sample);
        var hasValue = Expression!.TryEvaluate(context, ref sample); // a part is an expression where it is nothing else
        var type = hasValue ? TypeFor(sample.Type) : SampleType.String;
        if (!hasValue || !SampleCasts.TryCast(context, ref sample, type))
        {
            WriteAbsent(ref writer);
            return;
        }

        switch (type)
        {
            case SampleType.Integer:
                writer.Number(sample.Integer);
                break;
            case SampleType.Boolean:
                writer.EncodeTruth(sample.IsTrue);
                break;
            case SampleType.Binary:
                writer.Bytes(sample.Bytes);
                break;
            default:
                writer.Text(sample.Bytes, TextKind.Foreign);
                break;
        }
    }

    private void WriteAbsent(ref FormatWriter writer)
    {
        var isNumber = Cast is FormatCast.Integer or FormatCast.Boolean
            || (Cast == FormatCast.None && Declared is SampleType.Integer or SampleType.Boolean);
        if (isNumber && (Flags & FormatFlags.Encoded) != 0)
        {
            writer.NoNumber();
        }
        else
        {
            writer.Text(default, TextKind.Foreign);
        }
    }

    /// <summary>What a value is written as: text, unless an encoding, or the wish for bytes, keeps its type.</summary>
    private SampleType TypeFor(SampleType type)
    {
        var isEncoded = (Flags & FormatFlags.Encoded) != 0;
        return (Cast, type) switch
        {
            (FormatCast.None, SampleType.Integer or SampleType.Boolean) when isEncoded => type,
            (FormatCast.Integer, _) when isEncoded => SampleType.Integer,
            (FormatCast.Boolean, _) when isEncoded => SampleType.Boolean,
            (not FormatCast.Text, SampleType.Binary) when (Flags & (FormatFlags.Binary | FormatFlags.Cbor)) != 0 => type,
            _ => SampleType.String,
        };
    }

    private static byte[] KeyOf(string name, FormatFlags encoding)
    {
        if ((encoding & FormatFlags.Cbor) == 0)
        {
            return Encoding.UTF8.GetBytes($"\"{name}\": "); // a name has no characters that JSON escapes
        }

        var key = new FormatBuffer(name.Length + 9);
        CborText.AppendText(ref key, Encoding.UTF8.GetBytes(name));
        var bytes = key.Written.ToArray();
        key.Dispose();
        return bytes;
    }
}
