using ProxyKit.Resilience;

namespace ProxyKit;

/// <summary>Says when a request is sent to another server too. Each verb sets what <see cref="HedgeOptions"/> documents.</summary>
public sealed class HedgeBuilder
{
    private readonly HedgeOptions _options;

    internal HedgeBuilder(HedgeOptions options) => _options = options;

    /// <summary>Sets how long an attempt may be without an answer. See <see cref="HedgeOptions.After"/>.</summary>
    /// <param name="time">More than 0.</param>
    /// <returns>This builder.</returns>
    public HedgeBuilder After(TimeSpan time) => Set(o => o.After = time);

    /// <summary>Sets how many servers may work on one request at a time. See <see cref="HedgeOptions.MaxAttempts"/>.</summary>
    /// <param name="count">2 to 5.</param>
    /// <returns>This builder.</returns>
    public HedgeBuilder MaxAttempts(int count) => Set(o => o.MaxAttempts = count);

    /// <summary>Sets the part of the backend's requests that may have further attempts. See <see cref="HedgeOptions.MaxShare"/>.</summary>
    /// <param name="share">Above 0, up to 1.</param>
    /// <returns>This builder.</returns>
    public HedgeBuilder MaxShare(double share) => Set(o => o.MaxShare = share);

    private HedgeBuilder Set(Action<HedgeOptions> change)
    {
        change(_options);
        return this;
    }
}
