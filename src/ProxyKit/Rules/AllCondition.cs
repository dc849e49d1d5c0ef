using ProxyKit.Descriptions;
using ProxyKit.Rules.Acls;

namespace ProxyKit.Rules;

/// <summary>Holds when every part does; they are asked from left to right, until one does not.</summary>
internal sealed class AllCondition : Condition
{
    private readonly Condition[] _parts;

    public AllCondition(Condition left, Condition right)
        : this([.. PartsOf(left), .. PartsOf(right)])
    {
    }

    internal AllCondition(Condition[] parts) => _parts = parts;

    public override Description? Description => new(typeof(Condition), "op_BitwiseAnd", _parts);

    internal override IReadOnlyList<Condition> Parts => _parts;

    // HAProxy has no brackets: an "or" cannot stand beside others there.
    internal override bool IsInWords => Array.TrueForAll(_parts, static part => part.IsInWords && part is not AnyCondition);

    public override string ToString() => string.Join(IsInWords ? " " : " and ", _parts.Select(static part => part.ToInnerString()));

    internal override Truth Evaluate(RuleContext context)
    {
        var truth = Truth.True;
        foreach (var part in _parts)
        {
            truth &= part.Evaluate(context);
            if (truth == Truth.False)
            {
                break; // one that cannot be decided yet does not end it: a later one may decide
            }
        }

        return truth;
    }

    internal override QuickCondition Quick() => QuickCondition.Of(_parts, isAny: false);

    // The ! of most conditions stands in themselves, so that there is an object less to go through. Asked in the same order, until the same one decides.
    internal override Condition Negate() => new AnyCondition([.. _parts.Select(static part => part.Negate())]);

    private protected override Condition CompileOwn(RuleCompiler compiler) =>
        new AllCondition([.. _parts.Select(part => part.Compile(compiler))]);

    internal override IReadOnlyList<RouteKey> Keys() =>
        _parts.Select(part => part.Keys()).Aggregate(RouteKey.Unbounded, RouteKey.Both);

    internal override string ToInnerString() => $"({this})";

    private static Condition[] PartsOf(Condition condition) => condition is AllCondition all ? all._parts : [condition];
}
