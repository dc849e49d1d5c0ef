using System.Diagnostics;

namespace ProxyKit.Rules.Actions;

/// <summary>What a rule's action came to.</summary>
internal enum RuleOutcome
{
    /// <summary>Go on with the next rule.</summary>
    Next,

    /// <summary>Leave this list; the exchange goes on.</summary>
    Stop,

    /// <summary>The exchange goes no further: <see cref="RuleContext.Verdict"/> says what becomes of it.</summary>
    Final,

    /// <summary>The action has to wait: <see cref="CompiledAction.RunAsync"/> does its work.</summary>
    Wait,

    /// <summary>A condition cannot be decided before more has arrived: start over then.</summary>
    Pending,
}

/// <summary>An action with everything it names found.</summary>
/// <param name="run">Does it, as far as that needs no waiting.</param>
/// <param name="runAsync">Does it where <paramref name="run"/> came to <see cref="RuleOutcome.Wait"/>.</param>
internal sealed class CompiledAction(
    Func<RuleContext, RuleOutcome> run, Func<RuleContext, IRuleHost, ValueTask<RuleOutcome>>? runAsync = null)
{
    public RuleOutcome Run(RuleContext context) => run(context);

    public ValueTask<RuleOutcome> RunAsync(RuleContext context, IRuleHost host)
    {
        Debug.Assert(runAsync is not null, "only an action that can wait comes to Wait");
        return runAsync!(context, host);
    }
}
