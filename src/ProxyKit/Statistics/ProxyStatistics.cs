namespace ProxyKit.Statistics;

/// <summary>The counters of a proxy as they were when they were read. Each object's are of one moment; an exchange that ends meanwhile may be counted at one
/// object and not yet at the next.</summary>
/// <remarks>Reading costs some microseconds for each object, and nothing is counted twice or kept for it: rules, meters and this read the same counters.</remarks>
public sealed class ProxyStatistics
{
    internal ProxyStatistics(
        ProcessStatistics process,
        IReadOnlyList<FrontendStatistics> frontends,
        IReadOnlyList<ListenerStatistics> listeners,
        IReadOnlyList<BackendStatistics> backends,
        IReadOnlyList<ServerStatistics> servers)
    {
        Process = process;
        Frontends = frontends;
        Listeners = listeners;
        Backends = backends;
        Servers = servers;
    }

    /// <summary>The proxy as a whole. HAProxy: <c>show info</c>.</summary>
    public ProcessStatistics Process { get; }

    /// <summary>The frontends, in the order of the configuration.</summary>
    public IReadOnlyList<FrontendStatistics> Frontends { get; }

    /// <summary>Their binds, in theirs.</summary>
    public IReadOnlyList<ListenerStatistics> Listeners { get; }

    /// <summary>The backends, in the order of the configuration.</summary>
    public IReadOnlyList<BackendStatistics> Backends { get; }

    /// <summary>Their servers, in theirs.</summary>
    public IReadOnlyList<ServerStatistics> Servers { get; }

    /// <summary>Those of a frontend.</summary>
    /// <param name="name">The frontend's name.</param>
    /// <returns>What was read.</returns>
    /// <exception cref="ArgumentException">There is no such frontend.</exception>
    public FrontendStatistics Frontend(string name)
    {
        foreach (var one in Frontends)
        {
            if (one.Name == name)
            {
                return one;
            }
        }

        throw new ArgumentException($"There is no frontend '{name}'.", nameof(name));
    }

    /// <summary>Those of a backend.</summary>
    /// <param name="name">The backend's name.</param>
    /// <returns>What was read.</returns>
    /// <exception cref="ArgumentException">There is no such backend.</exception>
    public BackendStatistics Backend(string name)
    {
        foreach (var one in Backends)
        {
            if (one.Name == name)
            {
                return one;
            }
        }

        throw new ArgumentException($"There is no backend '{name}'.", nameof(name));
    }

    /// <summary>Those of a server.</summary>
    /// <param name="backend">The backend's name.</param>
    /// <param name="name">The server's name.</param>
    /// <returns>What was read.</returns>
    /// <exception cref="ArgumentException">There is no such server.</exception>
    public ServerStatistics Server(string backend, string name)
    {
        foreach (var one in Servers)
        {
            if (one.Backend == backend && one.Name == name)
            {
                return one;
            }
        }

        throw new ArgumentException($"There is no server '{name}' in backend '{backend}'.", nameof(name));
    }
}
