namespace ProxyKit.Benchmarks.Workloads;

/// <summary>What wrk reports when it ends.</summary>
internal sealed record WrkResult(long Requests, double Seconds, long Errors, double P50Microseconds, double P99Microseconds);
