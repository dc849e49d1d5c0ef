using ProxyKit.Resolvers;

namespace ProxyKit;

/// <summary>Composes a group of resolvers. Collects <see cref="ResolversOptions"/> and nothing more.</summary>
public sealed class ResolversBuilder
{
    private readonly ResolversOptions _options;

    internal ResolversBuilder(ResolversOptions options) => _options = options;

    /// <summary>Adds a nameserver. HAProxy: <c>nameserver</c>.</summary>
    /// <param name="name">Its name, for logs; unique in the group.</param>
    /// <param name="address">Its IP address and port.</param>
    /// <param name="usesTcp">Whether it is asked over TCP from the first.</param>
    /// <returns>This builder.</returns>
    public ResolversBuilder Nameserver(string name, string address, bool usesTcp = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentException.ThrowIfNullOrEmpty(address);
        _options.Nameservers.Add(new NameserverOptions { Name = name, Address = address, UsesTcp = usesTcp });
        return this;
    }

    /// <summary>Asks the system's nameservers too. See <see cref="ResolversOptions.ResolvConfPath"/>.</summary>
    /// <param name="path">The file that lists them.</param>
    /// <returns>This builder.</returns>
    public ResolversBuilder UseResolvConf(string path = "/etc/resolv.conf")
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _options.ResolvConfPath = path;
        return this;
    }

    /// <summary>Says how long answers are waited for. See <see cref="ResolversOptions.RetryTimeout"/>.</summary>
    /// <param name="limit">How long for one answer; more than zero.</param>
    /// <param name="attempts">How often a question is asked; 1 or more.</param>
    /// <returns>This builder.</returns>
    public ResolversBuilder Retry(TimeSpan limit, int attempts = 3)
    {
        _options.RetryTimeout = limit;
        _options.Attempts = attempts;
        return this;
    }

    /// <summary>Says how often the addresses of servers are asked for. See <see cref="ResolversOptions.RefreshInterval"/>.</summary>
    /// <param name="interval">How long after the answer before; more than zero.</param>
    /// <returns>This builder.</returns>
    public ResolversBuilder Refresh(TimeSpan interval)
    {
        _options.RefreshInterval = interval;
        return this;
    }

    /// <summary>Says how long a valid answer is good enough for rules. See <see cref="ResolversOptions.HoldValid"/>.</summary>
    /// <param name="time">How long; zero or more.</param>
    /// <returns>This builder.</returns>
    public ResolversBuilder HoldValid(TimeSpan time)
    {
        _options.HoldValid = time;
        return this;
    }

    /// <summary>Changes the options directly, for what has no verb.</summary>
    /// <param name="configure">The change.</param>
    /// <returns>This builder.</returns>
    public ResolversBuilder Configure(Action<ResolversOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(_options);
        return this;
    }
}
