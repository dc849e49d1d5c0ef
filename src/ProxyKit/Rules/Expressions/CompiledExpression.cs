using System.Text;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Expressions;

/// <summary>An expression with everything it names found: what the data path asks.</summary>
internal sealed class CompiledExpression(SampleFetch fetch, CompiledExpression.Step[] steps, bool isVolatile)
{
    /// <summary>Gets the value as it is before the first converter.</summary>
    public SampleFetch Fetch { get; } = fetch;

    /// <summary>The text that it is each time; null where it is to be asked.</summary>
    public byte[]? Constant { get; private init; }

    /// <summary>What the fetch looks at.</summary>
    public FetchSubject Subject { get; init; }

    /// <summary>Whether there are converters.</summary>
    public bool HasConverters => steps.Length > 0;

    /// <summary>Whether the value can change while nothing arrives, so that an inspection that it did not end waits on.</summary>
    public bool IsVolatile { get; } = isVolatile;

    /// <summary>One that is the same text each time.</summary>
    public static CompiledExpression Of(string text)
    {
        var constant = Encoding.UTF8.GetBytes(text);
        return new((_, ref sample) => sample.SetString(constant), [], isVolatile: false) { Constant = constant };
    }

    /// <summary>Gets the value.</summary>
    /// <returns>Whether there is one. Where there is none yet but may be when more has arrived, <see cref="RuleContext.IsPending"/> is
    /// set.</returns>
    public bool TryEvaluate(RuleContext context, ref Sample sample)
    {
        if (!Fetch(context, ref sample))
        {
            return false;
        }

        foreach (var step in steps)
        {
            if (!SampleCasts.TryCast(context, ref sample, step.Input) || !step.Converter(context, ref sample))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Gets the value as one of a type.</summary>
    public bool TryEvaluate(RuleContext context, SampleType type, ref Sample sample) =>
        TryEvaluate(context, ref sample) && SampleCasts.TryCast(context, ref sample, type);

    /// <summary>The value as text; empty where there is none.</summary>
    public ReadOnlySpan<byte> Text(RuleContext context)
    {
        var sample = default(Sample);
        return TryEvaluate(context, SampleType.String, ref sample) ? sample.Bytes : default;
    }

    /// <summary>A converter, and the type that its input is cast to.</summary>
    internal readonly record struct Step(SampleType Input, SampleConverter Converter);
}
