using ProxyKit.Descriptions;

namespace ProxyKit.Rules;

/// <summary>Holds when another condition does not.</summary>
internal sealed class NotCondition(Condition inner) : Condition
{
    public Condition Inner => inner;

    public override Description? Description => new(typeof(Condition), "op_LogicalNot", inner);

    internal override IReadOnlyList<Condition> Parts => [inner];

    internal override bool IsInWords => inner.IsInWords && inner is not (AllCondition or AnyCondition);

    public override string ToString() => (IsInWords ? "!" : "not ") + inner.ToInnerString();

    internal override Truth Evaluate(RuleContext context) => inner.Evaluate(context) switch
    {
        Truth.True => Truth.False,
        Truth.False => Truth.True,
        var pending => pending,
    };

    private protected override Condition CompileOwn(RuleCompiler compiler) => inner.Compile(compiler).Negate();
}
