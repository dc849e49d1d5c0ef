using Microsoft.Extensions.Logging;
using ProxyKit.Logging;
using ProxyKit.Rules;
using ProxyKit.Rules.Formats;

namespace ProxyKit.Exchanges;

/// <summary>Writes access lines in a format of the user's.</summary>
internal static class AccessLine
{
    /// <summary>Writes the line of a connection that failed before there was anything else to log.</summary>
    /// <param name="path">What writes it.</param>
    /// <param name="format">What it says.</param>
    /// <param name="policy">The frontend's.</param>
    /// <param name="session">The connection.</param>
    /// <param name="isSecure">Whether the client was to come over TLS.</param>
    public static void WriteFailure(DataPath path, CompiledFormat format, FrontendPolicy policy, RuleSession session, bool isSecure) => Write(
        path.Log,
        format,
        new RuleContext { Session = session, Frontend = policy.Facts },
        policy.Lines.LevelOf(isFailure: true),
        Describe(path, policy, session, isSecure, "unspec"));

    /// <summary>Writes the line of a connection that is ready for what comes, where the frontend wants one.</summary>
    /// <param name="path">What writes it.</param>
    /// <param name="policy">The frontend's.</param>
    /// <param name="session">The connection.</param>
    public static void WriteAccept(DataPath path, FrontendPolicy policy, RuleSession session)
    {
        if (policy.Lines.Has(LogSteps.Accept) && IsWanted(path, policy))
        {
            WriteConnection(path, policy, new RuleContext { Session = session, Frontend = policy.Facts }, session.IsSecure, "txn_accept");
        }
    }

    /// <summary>Writes a line of a connection that has no exchange yet, where the frontend has lines at all.</summary>
    /// <param name="path">What writes it.</param>
    /// <param name="policy">The frontend's.</param>
    /// <param name="context">What the line is asked about.</param>
    /// <param name="isSecure">Whether the client is to come over TLS.</param>
    /// <param name="origin">What the line is written for, as <c>%OG</c> has it.</param>
    public static void WriteConnection(DataPath path, FrontendPolicy policy, RuleContext context, bool isSecure, string origin)
    {
        if (IsWanted(path, policy))
        {
            try
            {
                Write(path.Log, policy, context, Describe(path, policy, context.Session, isSecure, origin));
            }
            catch (Exception e)
            {
                path.Log.Failed(e, policy.Name); // a user's logger threw
            }
        }
    }

    /// <summary>Writes the line of an exchange or tunnel, where it gets one.</summary>
    public static void Write(IExchangeLog log, FrontendPolicy policy, RuleContext context, in ExchangeRecord record)
    {
        var level = policy.Lines.LevelOf(in record, context.Settings.LogLevel);
        if (level == LogLevel.None)
        {
            return;
        }

        if (policy.Formats.AccessLog is { } format)
        {
            Write(log, format, context, level, in record);
        }
        else
        {
            log.Ended(in record, level);
        }
    }

    private static bool IsWanted(DataPath path, FrontendPolicy policy) => policy.AccessLog && path.Log.IsAccessEnabled;

    /// <summary>A connection of which nothing else is known.</summary>
    private static ExchangeRecord Describe(DataPath path, FrontendPolicy policy, RuleSession session, bool isSecure, string origin) => new()
    {
        IsHttp = policy.Mode == ProxyMode.Http,
        StartedAt = session.AcceptedAt,
        AcceptedAt = session.AcceptedAt,
        Number = path.NextNumber(),
        Client = session.Source,
        Frontend = policy.Name,
        IsSecure = isSecure,
        Backend = policy.Name,
        Server = null,
        Timers = new ExchangeTimers(-1, -1, -1, -1, 0, 0),
        Status = 0,
        BytesFromServer = 0,
        BytesFromClient = 0,
        Cause = Termination.Normal.CauseLetter,
        Phase = Termination.Normal.PhaseLetter,
        Concurrency = new ConcurrencyCounts(path.Connections.Current, policy.Connections.Current, 0, 0),
        Retries = 0,
        Redispatched = false,
        RequestLine = default,
        Origin = origin,
    };

    private static void Write(IExchangeLog log, CompiledFormat format, RuleContext context, LogLevel level, in ExchangeRecord record)
    {
        if (!log.IsAccessEnabledAt(level))
        {
            return;
        }

        var buffer = new FormatBuffer(CompiledFormat.MaxLine);
        try
        {
            format.Write(context, in record, ref buffer);
            log.Line(buffer.Written, level);
        }
        finally
        {
            buffer.Dispose();
        }
    }
}
