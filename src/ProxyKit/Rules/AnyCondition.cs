using ProxyKit.Descriptions;
using ProxyKit.Rules.Acls;

namespace ProxyKit.Rules;

/// <summary>Holds when at least one part does; they are asked from left to right, until one does.</summary>
internal sealed class AnyCondition : Condition
{
    private readonly Condition[] _parts;

    public AnyCondition(Condition left, Condition right)
        : this([.. PartsOf(left), .. PartsOf(right)])
    {
    }

    internal AnyCondition(Condition[] parts) => _parts = parts;

    public override Description? Description => new(typeof(Condition), "op_BitwiseOr", _parts);

    internal override IReadOnlyList<Condition> Parts => _parts;

    internal override bool IsInWords => Array.TrueForAll(_parts, static part => part.IsInWords);

    public override string ToString() => IsInWords
        ? string.Join(" or ", (object[])_parts) // what stands side by side binds closer there
        : string.Join(" or ", _parts.Select(static part => part.ToInnerString()));

    internal override Truth Evaluate(RuleContext context)
    {
        var truth = Truth.False;
        foreach (var part in _parts)
        {
            truth |= part.Evaluate(context);
            if (truth == Truth.True)
            {
                break; // one that cannot be decided yet does not end it: a later one may decide
            }
        }

        return truth;
    }

    internal override QuickCondition Quick() => QuickCondition.Of(_parts, isAny: true);

    internal override Condition Negate() => new AllCondition([.. _parts.Select(static part => part.Negate())]);

    private protected override Condition CompileOwn(RuleCompiler compiler) =>
        new AnyCondition([.. _parts.Select(part => part.Compile(compiler))]);

    internal override IReadOnlyList<RouteKey> Keys() => RouteKey.Either(_parts.Select(part => part.Keys()));

    internal override string ToInnerString() => $"({this})";

    private static Condition[] PartsOf(Condition condition) => condition is AnyCondition any ? any._parts : [condition];
}
