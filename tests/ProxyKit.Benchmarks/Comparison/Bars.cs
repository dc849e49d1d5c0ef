namespace ProxyKit.Benchmarks.Comparison;

/// <summary>The bars that ProxyKit is to reach with its portable transport.</summary>
internal static class Bars
{
    public const string ProxyKit = "ProxyKit";
    public const string Haproxy = "HAProxy";
    public const string Yarp = "YARP";
    public const string YarpTuned = "YARP-tuned";

    public static readonly Bar KeepAlive100B = new(ProxyKit, new Limit(1.8, Haproxy), new Limit(0.33, Yarp), new Limit(0.33, YarpTuned));
    public static readonly Bar KeepAlive10KiB = new(ProxyKit, new Limit(1.8, Haproxy));
    public static readonly Bar KeepAlive1MiB = new(ProxyKit, new Limit(1.5, Haproxy));
    public static readonly Bar NewConnection = new(ProxyKit, new Limit(2, Haproxy));
    public static readonly Bar TlsKeepAlive = new(ProxyKit, new Limit(1.8, Haproxy));
    public static readonly Bar TlsHandshake = new(ProxyKit, new Limit(2, Haproxy));
    public static readonly Bar Tcp = new(ProxyKit, new Limit(1.8, Haproxy));

    public static readonly Bar Latency = new(ProxyKit, new Limit(2, Haproxy));

    /// <summary>None for the request: less than a byte for each is the runtime's own.</summary>
    public static readonly Bar Allocated = new(ProxyKit, new Limit(1));
    public static readonly Bar IdleConnection = new(ProxyKit, new Limit(6));
    public static readonly Bar IdleTlsConnection = new(ProxyKit, new Limit(28));

    /// <summary>What a configuration of any size may cost over the smallest.</summary>
    public static Bar Size(string large, string small) => new(large, new Limit(1.1, small));

    /// <summary>What a circuit breaker may cost over none, in microseconds.</summary>
    public static Bar Breaker(string with, string without) => new(with, new Limit(1, without, More: 0.6));

    /// <summary>What ten rules may cost over none, in microseconds.</summary>
    public static Bar TenRules(string ten, string none) => new(ten, new Limit(1, none, More: 1.5));
}
