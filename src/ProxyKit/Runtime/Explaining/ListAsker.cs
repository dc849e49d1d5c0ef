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
        Show(section, keyword, rules);
        return rules;
    }

    /// <summary>Asks a list that is as it was written.</summary>
    /// <returns>Null to go on, Final where a rule has ended the exchange, Pending where one has failed.</returns>
    public RuleOutcome? Ask(RuleContext context, RuleList? rules, string section, RulePhases phase, IList<RuleOptions> written)
    {
        ExplainedRule[] all = [.. written.Select(ExplainedRule.Of)];
        return Ask(context, rules, section, phase, all, all);
    }

    /// <summary>Asks a list that has rules in it which nobody wrote: what they do is told, but not that they are there.</summary>
    /// <param name="context">What it is asked about.</param>
    /// <param name="rules">The list.</param>
    /// <param name="section">Whose it is.</param>
    /// <param name="phase">What it is.</param>
    /// <param name="all">Its rules.</param>
    /// <param name="written">Those of them that somebody wrote.</param>
    /// <returns>Null to go on, Final where a rule has ended the exchange, Pending where one has failed.</returns>
    public RuleOutcome? Ask(
        RuleContext context, RuleList? rules, string section, RulePhases phase, ExplainedRule[] all, ExplainedRule[] written)
    {
        trace.Begin(all);
        Show(section, KeywordOf(phase), written);
        var end = Ask(context, rules);
        foreach (var rule in all.Except(written))
        {
            if (rule.Remark is { } remark)
            {
                explanation.Noted.Add($"{rule.Text}: {remark}");
            }
        }

        return end;
    }

    /// <summary>Notes a list that is asked.</summary>
    public void Show(string section, string keyword, ExplainedRule[] rules)
    {
        if (rules.Length > 0)
        {
            explanation.Asked.Add(new ExplainedList(section, keyword, rules));
        }
    }

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

    private RuleOutcome? Ask(RuleContext context, RuleList? rules)
    {
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
}
