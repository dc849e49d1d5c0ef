using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Acls;

/// <summary>A condition over a value with everything it names found.</summary>
internal sealed class CompiledAcl(AclCondition source, CompiledExpression value, MatchMethod method, PatternIndex[] lists) : Condition
{
    private readonly SampleType _compares = MatchMethods.Compares(method);
    private readonly PatternIndex? _only = lists is [var one] ? one : null; // most have one: an array less to go through

    public override string ToString() => source.ToString();

    internal override bool IsInWords => true;

    internal override Truth Evaluate(RuleContext context)
    {
        var cursor = 0;
        while (true)
        {
            var sample = default(Sample);
            sample.Cursor = cursor;
            context.IsPending = false;
            if (!value.TryEvaluate(context, ref sample))
            {
                return Undecided(context, isVolatile: false); // no value, or one that a converter refused: neither has others behind it
            }

            cursor = sample.Cursor;
            var hasMore = sample.HasMore;
            if (Matches(context, ref sample))
            {
                context.IsPending = false;
                return Truth.True;
            }

            if (!hasMore)
            {
                return Undecided(context, value.IsVolatile);
            }
        }
    }

    private static Truth Undecided(RuleContext context, bool isVolatile)
    {
        var mayChange = (context.IsPending || isVolatile) && !context.HasAll;
        context.IsPending = false;
        return mayChange ? Truth.Pending : Truth.False;
    }

    private bool Matches(RuleContext context, ref Sample sample)
    {
        if (method == MatchMethod.Found)
        {
            return true;
        }

        if (!SampleCasts.TryCast(context, ref sample, _compares))
        {
            return false;
        }

        switch (method)
        {
            case MatchMethod.Boolean:
                return sample.IsTrue;
            case MatchMethod.Length:
                sample.Set((long)sample.Bytes.Length);
                break;
        }

        if (_only is { } only)
        {
            return only.Matches(context, in sample);
        }

        foreach (var list in lists)
        {
            if (list.Matches(context, in sample))
            {
                return true;
            }
        }

        return false;
    }
}
