namespace ProxyKit.Rules;

/// <summary>Holds when another condition does not.</summary>
internal sealed class NotCondition(Condition inner) : Condition
{
    public Condition Inner => inner;

    public override string ToString() => "not " + inner.ToInnerString();

    internal override Truth Evaluate(RuleContext context) => inner.Evaluate(context) switch
    {
        Truth.True => Truth.False,
        Truth.False => Truth.True,
        var pending => pending,
    };

    internal override Condition Compile(RuleCompiler compiler) => new NotCondition(inner.Compile(compiler));
}
