using ProxyKit.Descriptions;

namespace ProxyKit.Rules.Acls;

/// <summary>Holds always, or never; in TCP mode too.</summary>
internal sealed class ConstantCondition(bool holds) : Condition
{
    public override Description? Description => new(typeof(Match), nameof(Match.Parse), holds ? "TRUE" : "FALSE");

    internal override bool IsInWords => true;

    public override string ToString() => holds ? "TRUE" : "FALSE";

    internal override Truth Evaluate(RuleContext context) => holds ? Truth.True : Truth.False;
}
