using ProxyKit.Logging;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Rules.Fetches;

/// <summary>What the log will say of the exchange, as far as it is known: status, timers, bytes, retries, termination.</summary>
internal static class TransactionFetches
{
    private delegate long Fact(in ExchangeRecord record);

    public static IEnumerable<FetchKeyword> All =>
    [
        Fetch.Of("txn.status", SampleType.Integer, RuleStages.OfServerConnection, Status),
        Number("txn.conn_retries", RuleStages.OfServerConnection, static (in ExchangeRecord record) => record.Retries),
        Fetch.Of("txn.redispatched", SampleType.Boolean, RuleStages.OfServerConnection, static (RuleContext context, ref Sample sample) =>
            context.Host is { } host && sample.Set(host.Describe().Redispatched)),
        Fetch.Of("txn.sess_term_state", SampleType.String, RuleStages.Internal, TerminationState),
        .. Number("req.bytes_in", RuleStages.OfRequestKept, static (in ExchangeRecord record) => record.BytesFromClient).AlsoAs("bytes_in"),
        .. Number("res.bytes_in", RuleStages.OfTransfer, static (in ExchangeRecord record) => record.BytesFromServer).AlsoAs("bytes_out"),
        Number("req.bytes_out", RuleStages.OfRequestKept, static (in ExchangeRecord record) => record.BytesToServer),
        Number("res.bytes_out", RuleStages.OfTransfer, static (in ExchangeRecord record) => record.BytesToClient),
        Number("req.timer.hdr", RuleStages.OfRequest, static (in ExchangeRecord record) => record.Timers.Request, isOfHttp: true),
        Number("req.timer.queue", RuleStages.OfServerConnection, static (in ExchangeRecord record) => record.Timers.Queue),
        Number("bc.timer.connect", RuleStages.OfServerConnection, static (in ExchangeRecord record) => record.Timers.Connect),
        Number("res.timer.hdr", RuleStages.OfResponse, static (in ExchangeRecord record) => record.Timers.Response, isOfHttp: true),
        Number("res.timer.data", RuleStages.OfTransfer, Data),
        Number("fc.timer.handshake", RuleStages.OfClient, static (in ExchangeRecord record) => record.Timers.Handshake),
        Number("req.timer.idle", RuleStages.OfRequest, static (in ExchangeRecord record) => record.Timers.Idle, isOfHttp: true),
        Number("req.timer.tq", RuleStages.OfRequest, ToRequest, isOfHttp: true),
        Number("txn.timer.user", RuleStages.OfRequestKept, static (in ExchangeRecord record) => record.Timers.Total - Known(record.Timers.Idle)),
        Number("bc_srv_queue", RuleStages.OfServerConnection, static (in ExchangeRecord record) => record.Queues.Server),
        Number("bc_be_queue", RuleStages.OfServerConnection, static (in ExchangeRecord record) => record.Queues.Backend),
        Number("txn.id32", RuleStages.Internal, static (in ExchangeRecord record) => (uint)record.Number),
        Number("txn.timer.total", RuleStages.OfRequestKept, static (in ExchangeRecord record) => record.Timers.Active, isOfHttp: true),
        Number("fc.timer.total", RuleStages.OfFrontend, static (in ExchangeRecord record) => record.Timers.Total),
    ];

    private static FetchKeyword Number(string name, RuleStages stages, Fact fact, bool isOfHttp = false) =>
        Fetch.Of(name, SampleType.Integer, stages, (RuleContext context, ref Sample sample) =>
        {
            if (context.Host is not { } host)
            {
                return false;
            }

            var record = host.Describe();
            return (record.IsHttp || !isOfHttp) && sample.Set(fact(in record));
        });

    /// <summary>The status that the log will have: that of the response while rules look at it, which may still change it.</summary>
    private static bool Status(RuleContext context, ref Sample sample)
    {
        if (context.Host is not { } host)
        {
            return false;
        }

        var record = host.Describe();
        var isUndecided = record.Status == 0 && context is { IsInResponse: true, Response: not null };
        return record.IsHttp && sample.Set(isUndecided ? context.Response!.Status : record.Status); // not null: just asked
    }

    /// <summary>The time from the response's head, or in TCP mode from the connection, to now; -1 before that.</summary>
    private static long Data(in ExchangeRecord record)
    {
        var timers = record.Timers;
        return record.IsHttp
            ? timers.Response < 0
                ? -1
                : Math.Max(0, timers.Active - Known(timers.Request) - Known(timers.Queue) - Known(timers.Connect) - timers.Response)
            : timers.Connect < 0 ? -1 : Math.Max(0, timers.Active - Known(timers.Queue) - timers.Connect);
    }

    private static long ToRequest(in ExchangeRecord record)
    {
        var timers = record.Timers;
        return timers.Handshake < 0 || timers.Idle < 0 || timers.Request < 0 ? -1 : timers.Handshake + timers.Idle + timers.Request;
    }

    private static long Known(long time) => Math.Max(0, time);

    private static bool TerminationState(RuleContext context, ref Sample sample)
    {
        if (context.Host is not { } host)
        {
            return false;
        }

        var record = host.Describe();
        var text = context.Scratch.Rent(2);
        text[0] = (byte)record.Cause;
        text[1] = (byte)record.Phase;
        return sample.SetString(text);
    }
}
