namespace ProxyKit.Statistics;

/// <summary>Where counters are read, object by object.</summary>
internal interface IStatisticsSource
{
    ProcessStatistics Process { get; }

    IEnumerable<FrontendStatistics> Frontends { get; }

    IEnumerable<ListenerStatistics> Listeners { get; }

    IEnumerable<BackendStatistics> Backends { get; }

    IEnumerable<ServerStatistics> Servers { get; }

    IEnumerable<CircuitStatistics> Circuits { get; }
}
