using System.Diagnostics.CodeAnalysis;

namespace ProxyKit.Rules.Explaining;

/// <summary>A condition that tells a trace what it says.</summary>
internal sealed class TracedCondition(RuleTrace trace, Condition written, Condition compiled) : Condition
{
    public override string ToString() => written.ToString()!; // every condition has its own text

    [SuppressMessage("Design", "CA1031", Justification = "Whatever a user's code throws is noted, and thrown on.")]
    internal override Truth Evaluate(RuleContext context)
    {
        var open = trace.Open(written);
        try
        {
            if (compiled is ExchangeCondition asked && context.Exchange is { } exchange)
            {
                trace.NoteSubject(asked.Subject(exchange));
            }

            var truth = compiled.Evaluate(context);
            if (truth == Truth.False && trace.IsUnknown && written.Parts.Count == 0)
            {
                truth = Truth.Pending; // for want of what it asks about, not since it is otherwise
            }

            trace.Close(open, truth);
            return truth;
        }
        catch (Exception e)
        {
            trace.Fail(open, e);
            throw;
        }
    }
}
