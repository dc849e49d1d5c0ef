using System.Diagnostics;
using System.Runtime.CompilerServices;
using ProxyKit.Rules.Acls;
using ProxyKit.Transport;

namespace ProxyKit.Rules.Actions;

/// <summary>The rules of one list, ready to be asked.</summary>
internal sealed class RuleList
{
    private readonly ListedRule[] _rules;
    private readonly QuickTerm[] _terms; // of all of them, one behind the other: what a list goes through lies in few lines of the processor's cache
    private readonly int _late; // the first of the rules that go on where others have ended the list: they stand last

    private RuleList(List<(Condition? Condition, CompiledAction Action, string? Origin)> rules, RulePhases phase, int late)
    {
        _rules = new ListedRule[rules.Count];
        var terms = new List<QuickTerm>();
        foreach (var (index, (condition, action, origin)) in rules.Index())
        {
            // About a response, some fetches mean its fields.
            var quick = condition is not null && (phase is RulePhases.Content or RulePhases.Request) ? condition.Quick() : QuickCondition.None;
            _rules[index] = new(condition, action, origin, terms.Count, quick.Terms.Length, quick.IsAny, quick.IsWhole);
            terms.AddRange(quick.Terms);
        }

        (_terms, _late) = ([.. terms], late);
    }

    /// <summary>Whether one of them writes into the access log.</summary>
    public bool Logs { get; private init; }

    /// <summary>Makes rules ready; null where there are none.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="phase">The list they stand in.</param>
    /// <param name="compiler">Finds what they name.</param>
    /// <param name="fault">Is told what is wrong with which of them, by its index.</param>
    /// <param name="doubt">Is told which of them never apply, and why.</param>
    public static RuleList? Compile(
        IList<RuleOptions> rules, RulePhases phase, RuleCompiler compiler, Action<int, string> fault, Action<int, string>? doubt = null)
    {
        if (rules.Count == 0)
        {
            return null;
        }

        compiler.Phase = phase;
        var compiled = new List<(Condition?, CompiledAction, string?)>(rules.Count);
        var late = int.MaxValue;
        var logs = false;
        foreach (var (index, rule) in rules.Index())
        {
            if ((rule.Action.Phases & phase) == 0)
            {
                fault(index, $"'{rule.Action}' cannot stand in this list");
                continue;
            }

            try
            {
                compiler.Doubts = doubt is null ? null : message => doubt(index, message);
                compiler.IsFollowedByHint = index + 1 < rules.Count && rules[index + 1] is { Action: EarlyHintAction, Condition: null };
                var (condition, action) = (rule.Condition?.Compile(compiler), rule.Action.Compile(compiler));
                (condition, action) = compiler.Trace is { } trace ? trace.Watch(index, rule, condition, action) : (condition, action);
                compiled.Add((condition, action, rule.Action.Entity ?? rule.Origin));
                logs |= rule.Action.Logs;
                late = !rule.RunsAfterAllow ? int.MaxValue : Math.Min(late, compiled.Count - 1);
            }
            catch (RuleFaultException e)
            {
                fault(index, e.Message);
            }
            finally
            {
                compiler.Doubts = null;
            }
        }

        return new RuleList(compiled, phase, late) { Logs = logs };
    }

    /// <summary>Asks the rules from <paramref name="index"/> on, until one of them ends that.</summary>
    /// <param name="context">What they are asked about.</param>
    /// <param name="index">The rule to begin with; receives the one that ended it.</param>
    /// <param name="waits">Whether a condition that cannot be decided yet ends it too; the context knows whose that is.</param>
    public RuleOutcome Run(RuleContext context, ref int index, bool waits = false)
    {
        context.IsStrict |= index == 0; // each list begins strictly
        var request = context.Request;
        Debug.Assert(_terms.Length == 0 || !context.IsInResponse, "terms are of requests that are under way");
        for (; index < _rules.Length; index++)
        {
            ref readonly var rule = ref _rules[index];
            context.ResetScratch();
            if (rule.Condition is { } condition)
            {
                var truth = rule.TermCount == 0 || request is null ? Truth.Pending
                    : QuickCondition.Ask(_terms.AsSpan(rule.FirstTerm, rule.TermCount), request, rule.IsAny, rule.IsWhole);

                // Pending means here that the terms do not decide, and behind that, that the condition itself cannot.
                truth = truth == Truth.Pending ? condition.Evaluate(context) : truth;
                if (truth != Truth.True)
                {
                    if (truth == Truth.Pending && waits)
                    {
                        context.WaitingRule = rule.Origin;
                        return RuleOutcome.Pending;
                    }

                    continue;
                }
            }

            var outcome = rule.Action.Run(context);
            if (outcome is RuleOutcome.Stop or RuleOutcome.Final)
            {
                context.LastRule = rule.Origin;
            }

            if (outcome == RuleOutcome.Stop && _late != int.MaxValue)
            {
                index = Math.Max(index, _late - 1);
                continue;
            }

            if (outcome != RuleOutcome.Next)
            {
                return outcome;
            }
        }

        return RuleOutcome.Next;
    }

    /// <summary>Does the work of the rule that has to wait. Of one whose wait has come to nothing the context knows still.</summary>
    [AsyncMethodBuilder(typeof(PooledTaskBuilder<>))]
    public async ValueTask<RuleOutcome> RunAsync(int index, RuleContext context, IRuleHost host)
    {
        context.WaitingRule = _rules[index].Origin;
        var outcome = await _rules[index].Action.RunAsync(context, host).ConfigureAwait(false);
        if (outcome != RuleOutcome.Final || context.Verdict is { IsEndOfWait: false })
        {
            context.WaitingRule = null;
        }

        return outcome;
    }

    /// <summary>A rule, and which of the list's terms its condition begins with.</summary>
    private readonly record struct ListedRule(
        Condition? Condition, CompiledAction Action, string? Origin, int FirstTerm, int TermCount, bool IsAny, bool IsWhole);
}
