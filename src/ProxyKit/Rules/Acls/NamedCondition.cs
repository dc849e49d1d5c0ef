namespace ProxyKit.Rules.Acls;

/// <summary>A condition that goes by a name in logs and messages, as a named ACL does.</summary>
internal sealed class NamedCondition(string name, Condition inner) : Condition
{
    public string Name => name;

    public Condition Inner => inner;

    public override string ToString() => name;

    internal override Truth Evaluate(RuleContext context) => inner.Evaluate(context);

    internal override Condition Compile(RuleCompiler compiler)
    {
        try
        {
            return new NamedCondition(name, inner.Compile(compiler));
        }
        catch (RuleFaultException e)
        {
            throw new RuleFaultException($"ACL '{name}' : {e.Message}", e);
        }
    }

    internal override IReadOnlyList<RouteKey> Keys() => inner.Keys();
}
