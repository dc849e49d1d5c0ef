using ProxyKit.Exchanges;
using ProxyKit.Frontends;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;
using ProxyKit.Tiers;

namespace ProxyKit.Runtime;

/// <summary>Makes ready what tiers ask of the exchanges of a frontend; called after its rules.</summary>
internal sealed partial class RuleSetBuilder
{
    /// <summary>What tells clients apart, what tells their tiers, and what of the response tells the cost.</summary>
    public (CompiledExpression[] CountBy, CompiledExpression[] TierBy, CompiledExpression? ChargeBy) BuildTierValues(TiersOptions options)
    {
        var path = root.In("tiers", options.Name, 0);
        compiler.Stages = RuleStages.FrontendRequest;
        var countBy = CompileAll(options.CountBy, path.In(nameof(options.CountBy)));
        var tierBy = CompileAll(options.TierBy, path.In(nameof(options.TierBy)));
        compiler.Stages = RuleStages.FrontendResponse;
        return (countBy, tierBy, Try(path.In(nameof(options.ChargeBy)), () => options.ChargeBy?.Compile(compiler)));
    }

    /// <summary>What requests cost.</summary>
    public TierCost[] BuildTierCosts(TiersOptions options)
    {
        compiler.Stages = RuleStages.FrontendRequest;
        return [.. options.Costs.Index().Select(cost =>
        {
            var path = root.In("tiers", options.Name, 0).In("cost", null, cost.Index + 1);
            return new TierCost(
                Try(path.In(nameof(cost.Item.When)), () => cost.Item.When?.Compile(compiler)),
                cost.Item.Units,
                Try(path.In(nameof(cost.Item.By)), () => cost.Item.By?.Compile(compiler)),
                cost.Item.ByCode);
        })];
    }

    /// <summary>Which requests of a frontend are left alone.</summary>
    public Condition? BuildTierExemption(FrontendOptions options)
    {
        compiler.Stages = RuleStages.FrontendRequest;
        return Try(root.In("frontend", options.Name, 0).In(nameof(options.TiersUnless)), () => options.TiersUnless?.Compile(compiler));
    }

    /// <summary>What a request gets that is turned away.</summary>
    public RuleList? BuildTierAnswer(RuleAction action, string tiers, string property)
    {
        compiler.Stages = RuleStages.FrontendRequest;
        var path = root.In("tiers", tiers, 0).In(property);
        return RuleList.Compile([new RuleOptions(action)], RulePhases.Request, compiler, (_, fault) => path.Add(fault));
    }

    private CompiledExpression[] CompileAll(IList<Expression> expressions, FaultPath path) =>
        [.. expressions.Select(e => Try(path, () => e.Compile(compiler))).OfType<CompiledExpression>()];
}
