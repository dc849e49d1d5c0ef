namespace ProxyKit.Rules.Actions;

/// <summary>What becomes of an edit that cannot be made: the message would grow too large, or could be read in two ways.</summary>
/// <remarks>The verdict is the same in all lists. In those that are asked on each response (<see cref="RulePhases.AfterResponse"/>) the response it
/// is about may be the proxy's own: whoever runs the list has to see to it that the answer of the verdict is not put through the same list again,
/// and that what was refused is not sent.</remarks>
internal static class RewriteFailure
{
    private static readonly RuleVerdict Internal = new(VerdictKind.Failure, 500);

    /// <summary>Goes on where the edit was made; where not, ends the exchange with 500, or leaves the edit out where rules are not strict.</summary>
    public static RuleOutcome UnlessDone(RuleContext context, bool isDone)
    {
        if (isDone)
        {
            return RuleOutcome.Next;
        }

        context.FailedRewrites++;
        if (!context.IsStrict)
        {
            return RuleOutcome.Next;
        }

        context.Verdict = Internal;
        return RuleOutcome.Final;
    }
}
