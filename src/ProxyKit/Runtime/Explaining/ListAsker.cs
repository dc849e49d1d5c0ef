using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Explaining;

namespace ProxyKit.Runtime.Explaining;

/// <summary>Asks lists of rules, one after the other, and notes each in the explanation.</summary>
internal sealed class ListAsker(RuleTrace trace, Explanation explanation)
{
    /// <summary>Begins with a list: what happens from here on happens to its rules.</summary>
    public ExplainedRule[] Begin(string section, string keyword, ExplainedRule[] rules)
    {
        trace.Begin(rules);
        if (rules.Length > 0)
        {
            explanation.Asked.Add(new ExplainedList(section, keyword, rules));
        }

        return rules;
    }

    /// <summary>Asks a list.</summary>
    /// <returns>Null to go on, Final where a rule has ended the exchange, Pending where one has failed.</returns>
    public RuleOutcome? Ask(RuleContext context, RuleList? rules, string section, RulePhases phase, IList<RuleOptions> written)
    {
        Begin(section, KeywordOf(phase), [.. written.Select(ExplainedRule.Of)]);
        try
        {
            var index = 0;
            var outcome = rules?.Run(context, ref index) ?? RuleOutcome.Next;
            while (outcome == RuleOutcome.Wait)
            {
                // Nobody waits: the host is one that answers at once.
                outcome = rules!.RunAsync(index, context, context.Host!).AsTask().GetAwaiter().GetResult();
                if (outcome == RuleOutcome.Next)
                {
                    index++;
                    outcome = rules.Run(context, ref index);
                }
            }

            return outcome == RuleOutcome.Final ? outcome : null;
        }
        catch (Exception e)
        {
            // A user's code, or a defect of ours: it is what would end the exchange.
            NoteThrown(e);
            return RuleOutcome.Pending;
        }
    }

    private static string KeywordOf(RulePhases phase) => phase switch
    {
        RulePhases.Connection => "tcp-request connection",
        RulePhases.Session => "tcp-request session",
        RulePhases.Content => "tcp-request content",
        _ => "http-request",
    };

    /// <summary>A user's code has thrown, which is told of the rule that ran it.</summary>
    public void NoteThrown(Exception e)
    {
        if (trace.Current is { } rule)
        {
            rule.Fate = RuleFate.Failed;
            rule.Note(RuleTrace.Thrown(e));
        }
        else
        {
            explanation.Noted.Add(RuleTrace.Thrown(e));
        }
    }
}
