using ProxyKit.Rules;
using ProxyKit.Rules.Actions;

namespace ProxyKit.Tests.Rules.Actions;

public sealed class RunsAfterAllowTests
{
    [Fact]
    public void Late_rules_are_asked_behind_allow_and_others_are_not()
    {
        var late = new RuleOptions(RuleActions.Redirect(RedirectOptions.To("/late"))) { RunsAfterAllow = true };

        Assert.Equal((RuleOutcome.Final, 2), Run(new(RuleActions.Allow), new(RuleActions.Deny()), late));
        Assert.Equal((RuleOutcome.Final, 1), Run(new RuleOptions(RuleActions.Allow, !Match.Always), new(RuleActions.Deny()), late));
        Assert.Equal((RuleOutcome.Stop, 0), Run(new(RuleActions.Allow), new(RuleActions.Deny())));
        Assert.Equal((RuleOutcome.Next, 2), Run(new(RuleActions.Allow), late with { Condition = !Match.Always }));
    }

    private static (RuleOutcome Outcome, int Index) Run(params RuleOptions[] rules)
    {
        var list = RuleList.Compile(rules, RulePhases.Request, new RuleCompiler(), static (_, fault) => Assert.Fail(fault))!;
        var index = 0;
        return (list.Run(TestExchange.For("/").Context, ref index), index);
    }
}
