using ProxyKit.Descriptions;
using ProxyKit.Rules.Expressions;

namespace ProxyKit.Rules.Acls;

/// <summary>A condition that goes by a name in logs and messages, as a named ACL does.</summary>
internal sealed class NamedCondition(string name, Condition inner) : Condition
{
    public string Name => name;

    public Condition Inner => inner;

    public override Description? Description =>
        PredefinedAcls.Find(name, RuleLanguage.Default) is NamedCondition predefined && predefined.Inner.ToString() == inner.ToString()
            ? new(typeof(Match), nameof(Match.Parse), name)
            : new(typeof(Match), nameof(Match.Named), name, inner);

    internal override IReadOnlyList<Condition> Parts => [inner];

    /// <summary>A program may call it what could not be one word of a file.</summary>
    internal override bool IsInWords => name is not (['!', ..] or "or" or "||" or "{") && ConditionText.Quote(name) == name;

    public override string ToString() => name;

    /// <summary>The terms that an ACL is joined of: one for each line that has its name.</summary>
    public static IReadOnlyList<Condition> TermsOf(Condition acl) => acl is AnyCondition ? acl.Parts : [acl];

    internal override Truth Evaluate(RuleContext context) => inner.Evaluate(context);

    /// <summary>The condition itself: exchanges have no use for its name.</summary>
    private protected override Condition CompileOwn(RuleCompiler compiler)
    {
        compiler.AskedAcls.UnionWith(TermsOf(inner));
        try
        {
            return inner.Compile(compiler);
        }
        catch (RuleFaultException e)
        {
            throw new RuleFaultException($"ACL '{name}' : {e.Message}", e);
        }
    }

    internal override IReadOnlyList<RouteKey> Keys() => inner.Keys();
}
