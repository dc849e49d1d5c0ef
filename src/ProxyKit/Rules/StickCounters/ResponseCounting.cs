using ProxyKit.StickTables;

namespace ProxyKit.Rules.StickCounters;

/// <summary>Which statuses count as an error of the client, and which as a failure of the server.</summary>
internal static class ResponseCounting
{
    /// <summary>HAProxy: <c>http-err-codes</c>, 400 to 499 unless it says otherwise.</summary>
    public static bool IsError(int status) => status is >= 400 and < 500;

    /// <summary>HAProxy: <c>http-fail-codes</c>, 500 to 599 without 501 and 505 unless it says otherwise.</summary>
    public static bool IsFailure(int status) => status is >= 500 and < 600 and not (501 or 505);

    /// <summary>Counts a response for one entry.</summary>
    public static void Count(StickTable table, StickEntry entry, int status)
    {
        if (IsError(status))
        {
            table.Count(entry, StickDataType.Errors, StickDataType.ErrorRate);
        }
        else if (IsFailure(status))
        {
            table.Count(entry, StickDataType.Failures, StickDataType.FailureRate);
        }
    }

    /// <summary>Counts a reply that the proxy gave by itself and that no rule has asked for. A request that could not be read, or not in time, is an
    /// error; a response that could not is a failure. A server that is not there or cannot be connected to counts as neither.</summary>
    public static void CountOwn(RuleContext context, int status)
    {
        if (IsError(status) || status is 502 or 504)
        {
            Count(context, status);
        }
    }

    /// <summary>Counts a response for everything that an exchange and its connection track.</summary>
    public static void Count(RuleContext context, int status)
    {
        if (IsError(status))
        {
            TrackedCounters.Count(context.Counters, context.Session.Counters, StickDataType.Errors, StickDataType.ErrorRate);
        }
        else if (IsFailure(status))
        {
            TrackedCounters.Count(context.Counters, context.Session.Counters, StickDataType.Failures, StickDataType.FailureRate);
        }
    }
}
