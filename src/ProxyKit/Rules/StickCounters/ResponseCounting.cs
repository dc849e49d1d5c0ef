using ProxyKit.StickTables;

namespace ProxyKit.Rules.StickCounters;

/// <summary>Counts responses for what is tracked: as errors of clients, and as failures of servers.</summary>
/// <param name="errors">The statuses of errors. HAProxy: <c>http-err-codes</c>.</param>
/// <param name="failures">The statuses of failures. HAProxy: <c>http-fail-codes</c>.</param>
internal sealed class ResponseCounting(StatusSet errors, StatusSet failures)
{
    /// <summary>As it is where nobody says otherwise.</summary>
    public static ResponseCounting Usual { get; } = new(StatusSet.Errors, StatusSet.Failures);

    /// <summary>Counts a response for one entry.</summary>
    public void Count(StickTable table, StickEntry entry, int status)
    {
        if (errors.Contains(status))
        {
            table.Count(entry, StickDataType.Errors, StickDataType.ErrorRate);
        }

        if (failures.Contains(status))
        {
            table.Count(entry, StickDataType.Failures, StickDataType.FailureRate);
        }
    }

    /// <summary>Counts a response for everything that an exchange and its connection track.</summary>
    public void Count(RuleContext context, int status)
    {
        if (errors.Contains(status))
        {
            CountError(context);
        }

        if (failures.Contains(status))
        {
            CountFailure(context);
        }
    }

    /// <summary>Counts a reply that the proxy gave by itself and that no rule has asked for. A request that could not be read is an error, but
    /// not one that only took too long (408); a response that could not be read, or not in time, is a failure, whatever the statuses that are counted. A
    /// server that is not there or cannot be connected to counts as neither.</summary>
    public static void CountOwn(RuleContext context, int status)
    {
        if (status is >= 400 and < 500 and not 408)
        {
            CountError(context);
        }
        else if (status is 502 or 504)
        {
            CountFailure(context);
        }
    }

    private static void CountError(RuleContext context) =>
        TrackedCounters.Count(context.Counters, context.Session.Counters, StickDataType.Errors, StickDataType.ErrorRate);

    private static void CountFailure(RuleContext context) =>
        TrackedCounters.Count(context.Counters, context.Session.Counters, StickDataType.Failures, StickDataType.FailureRate);
}
