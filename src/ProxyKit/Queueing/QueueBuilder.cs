using ProxyKit.Backends;
using ProxyKit.Queueing;
using ProxyKit.Rules.Expressions;

namespace ProxyKit;

/// <summary>Says how requests wait for a server. Each verb sets what <see cref="QueueOptions"/> documents under the same name.</summary>
public sealed class QueueBuilder
{
    private readonly BackendOptions _options;

    internal QueueBuilder(BackendOptions options) => _options = options;

    /// <summary>Limits how long one may wait. See <see cref="BackendOptions.QueueTimeout"/>.</summary>
    /// <param name="limit">The limit, or null for that of connecting.</param>
    /// <returns>This builder.</returns>
    public QueueBuilder Timeout(TimeSpan? limit) => Set(o => o.QueueTimeout = limit);

    /// <summary>Limits how many may wait.</summary>
    /// <param name="count">The limit, or null for none.</param>
    /// <returns>This builder.</returns>
    public QueueBuilder Max(int? count) => Set(o => o.Queue.Max = count);

    /// <summary>Has keys take turns, so that whoever sends the most cannot keep the others waiting.</summary>
    /// <param name="key">Whose request it is: <c>Value.Parse("req.hdr(x-tenant)")</c>.</param>
    /// <param name="weight">How many requests of the key go at each turn; null for one.</param>
    /// <returns>This builder.</returns>
    public QueueBuilder FairBy(Expression key, Expression? weight = null)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Set(o => (o.Queue.FairBy, o.Queue.FairWeight) = (key, weight));
    }

    /// <summary>Refuses at once what could not be served in its time.</summary>
    /// <returns>This builder.</returns>
    public QueueBuilder DropLate() => Set(o => o.Queue.DropsLate = true);

    /// <summary>Tells those who are refused when to come back.</summary>
    /// <returns>This builder.</returns>
    public QueueBuilder RetryAfter() => Set(o => o.Queue.TellsRetryAfter = true);

    private QueueBuilder Set(Action<BackendOptions> change)
    {
        change(_options);
        return this;
    }
}
