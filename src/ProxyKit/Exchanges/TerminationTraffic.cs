using ProxyKit.Statistics;

namespace ProxyKit.Exchanges;

/// <summary>What is counted of how an exchange or a tunnel ended.</summary>
internal static class TerminationTraffic
{
    /// <summary>Adds what it counts as. A server that breaks its response off counts in two ways, as in HAProxy.</summary>
    public static TrafficTally Count(this Termination end, TrafficTally tally) => end switch
    {
        { Cause: TerminationCause.Internal } => tally.With(TrafficEvent.InternalError),
        { Cause: TerminationCause.ClientAbort or TerminationCause.ClientTimeout or TerminationCause.Proxy, Phase: ExchangePhase.Request } =>
            tally.With(TrafficEvent.RequestError),
        { Cause: TerminationCause.ClientAbort or TerminationCause.ClientTimeout } => tally.With(TrafficEvent.ClientAbort),
        { Cause: TerminationCause.Proxy } => tally.With(TrafficEvent.ResponseError),
        { Cause: TerminationCause.Resource, Phase: not ExchangePhase.Connect } => tally.With(TrafficEvent.InternalError),
        { Cause: TerminationCause.Resource } => tally.With(TrafficEvent.ConnectionError),
        { Cause: TerminationCause.None or TerminationCause.Local or TerminationCause.Killed } => tally,

        // What is left is the server's.
        { Phase: ExchangePhase.Connect or ExchangePhase.Queue } => tally.With(TrafficEvent.ConnectionError),
        { Phase: ExchangePhase.Headers } => tally.With(TrafficEvent.ResponseError),
        { Cause: TerminationCause.ServerAbort } => tally.With(TrafficEvent.ServerAbort).With(TrafficEvent.ResponseError),
        _ => tally.With(TrafficEvent.ServerAbort),
    };
}
