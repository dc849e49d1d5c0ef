using ProxyKit.Http;
using ProxyKit.Metering;
using ProxyKit.Metering.Journals;
using ProxyKit.Rules.Expressions;

namespace ProxyKit;

/// <summary>Says how usage is written down. Each verb sets what <see cref="MeteringOptions"/> documents.</summary>
public sealed class MeteringBuilder
{
    private readonly MeteringOptions _options;

    internal MeteringBuilder(MeteringOptions options) => _options = options;

    /// <summary>Keeps it in files. See <see cref="MeteringOptions.JournalPath"/>.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="configure">Says how.</param>
    /// <returns>This builder.</returns>
    public MeteringBuilder Journal(string directory, Action<UsageJournalOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        configure?.Invoke(_options.Journal);
        return Set(o => o.JournalPath = directory);
    }

    /// <summary>Keeps it in a store of one's own. See <see cref="MeteringOptions.Store"/>.</summary>
    /// <param name="store">The store.</param>
    /// <returns>This builder.</returns>
    public MeteringBuilder Store(IUsageStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return Set(o => o.Store = store);
    }

    /// <summary>Says when it is safe. See <see cref="MeteringOptions.Durability"/>.</summary>
    /// <param name="durability">When.</param>
    /// <returns>This builder.</returns>
    public MeteringBuilder Durability(Durability durability) => Set(o => o.Durability = durability);

    /// <summary>Says who uses it. See <see cref="MeteringOptions.Client"/>.</summary>
    /// <param name="client">The client, as in <c>Value.Parse("req.hdr(x-api-key)")</c>.</param>
    /// <returns>This builder.</returns>
    public MeteringBuilder CountBy(Expression client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return Set(o => o.Client = client);
    }

    /// <summary>Says in which tier. See <see cref="MeteringOptions.Tier"/>.</summary>
    /// <param name="tier">The tier.</param>
    /// <returns>This builder.</returns>
    public MeteringBuilder TierBy(Expression tier)
    {
        ArgumentNullException.ThrowIfNull(tier);
        return Set(o => o.Tier = tier);
    }

    /// <summary>Says what kind of request it is. See <see cref="MeteringOptions.Route"/>.</summary>
    /// <param name="route">The route, as in <c>Value.Parse("var(txn.route)")</c>.</param>
    /// <returns>This builder.</returns>
    public MeteringBuilder RouteBy(Expression route)
    {
        ArgumentNullException.ThrowIfNull(route);
        return Set(o => o.Route = route);
    }

    /// <summary>Counts something on all frontends. See <see cref="MeterOptions"/>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="quantity">How much a request counts for.</param>
    /// <returns>This builder.</returns>
    public MeteringBuilder Meter(string name, Expression quantity)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(quantity);
        return Set(o => o.Meters.Add(new MeterOptions { Name = name, Quantity = quantity }));
    }

    /// <summary>Counts something on all frontends, in C#. See <see cref="MeterOptions"/>.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="measure">How much a request counts for.</param>
    /// <returns>This builder.</returns>
    public MeteringBuilder Meter(string name, Func<HttpExchange, long> measure)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(measure);
        return Set(o => o.Meters.Add(new MeterOptions { Name = name, Measure = measure }));
    }

    private MeteringBuilder Set(Action<MeteringOptions> change)
    {
        change(_options);
        return this;
    }
}
