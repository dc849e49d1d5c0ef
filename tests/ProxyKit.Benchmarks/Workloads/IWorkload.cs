using ProxyKit.Benchmarks.Proxies;

namespace ProxyKit.Benchmarks.Workloads;

/// <summary>What is done to every proxy of a row, and what is read off it. One that holds anything is disposable.</summary>
internal interface IWorkload
{
    /// <summary>What <see cref="Measurement.Value"/> counts.</summary>
    string Unit { get; }

    /// <summary>What <see cref="Measurement.AlsoValue"/> tells, if it tells anything.</summary>
    string? AlsoUnit => null;

    /// <summary>Where the workload answers the proxies' requests itself; <see langword="null"/> if the origin of the run does.</summary>
    int? OriginPort => null;

    /// <summary>Whether each measurement needs a proxy that was just started, since measuring leaves its mark.</summary>
    bool NeedsFreshProxy { get; }

    /// <summary>Checks that the proxy does the work rightly and brings it to temper. Once for each process.</summary>
    /// <exception cref="InvalidOperationException">The proxy answers wrongly.</exception>
    Task PrepareAsync(RunningProxy proxy, TimeSpan warmUp, CancellationToken cancellation);

    Task<Measurement> MeasureAsync(RunningProxy proxy, TimeSpan duration, CancellationToken cancellation);
}
