using ProxyKit.Backends;
using ProxyKit.Frontends;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.BalancingKeys;

namespace ProxyKit.Runtime;

/// <summary>The rules for requests as they are asked: those that were written, and those that other settings stand for.</summary>
/// <param name="Before">The first of them, which nobody wrote.</param>
/// <param name="Written">Those that were written, but for those that are asked even behind one that lets the request pass.</param>
/// <param name="Between">What is asked in front of these, and nobody wrote.</param>
/// <param name="WrittenLate">These.</param>
/// <param name="Behind">The last, which nobody wrote.</param>
internal sealed record RequestRules(
    RuleOptions[] Before, RuleOptions[] Written, RuleOptions[] Between, RuleOptions[] WrittenLate, RuleOptions[] Behind)
{
    /// <summary>Those of a frontend: those that answer monitors come first.</summary>
    public static RequestRules Of(FrontendOptions options) => Make(
        [.. MonitorRules.Of(options), .. Buffering(options.BuffersRequests)], options.Rules.Request, options.OddHeaderNames, []);

    /// <summary>Those of a backend, and behind them the wait for the body where servers are chosen by something in it.</summary>
    public static RequestRules Of(BackendOptions options) => Make(
        Buffering(options.BuffersRequests),
        options.Rules.Request,
        options.OddHeaderNames,
        BuiltInStrategies.NeedsBody(options.Balance.Description)
            ? [new RuleOptions(RuleActions.WaitForBody(null), Match.Method("POST")) { RunsAfterAllow = true }]
            : []);

    /// <summary>All in their order.</summary>
    public IList<RuleOptions> All => [.. Before, .. Written, .. Between, .. WrittenLate, .. Behind];

    /// <summary>The place of one of all among those that were written; negative for those before them.</summary>
    public int PositionOf(int index)
    {
        var written = index - Before.Length;
        return written < Written.Length ? written : written - Between.Length;
    }

    private static RequestRules Make(RuleOptions[] before, IList<RuleOptions> written, OddHeaderNames names, RuleOptions[] behind)
    {
        var late = written.Reverse().TakeWhile(static r => r.RunsAfterAllow).Count();
        return new(
            before,
            [.. written.SkipLast(late)],
            names == OddHeaderNames.Preserve ? [] : [new RuleOptions(new RestrictHeaderNamesAction(names == OddHeaderNames.Reject)) { RunsAfterAllow = true }],
            [.. written.TakeLast(late)],
            behind);
    }

    private static RuleOptions[] Buffering(bool buffers) => buffers ? [new RuleOptions(new BufferRequestAction())] : [];
}
