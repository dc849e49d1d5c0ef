using ProxyKit.Http;
using ProxyKit.Rules;
using ProxyKit.Rules.Actions;
using ProxyKit.Rules.Expressions;
using ProxyKit.Tiers;

namespace ProxyKit;

/// <summary>Says what a group of tiers is. Each verb sets what <see cref="TiersOptions"/> documents.</summary>
public sealed class TiersBuilder
{
    private readonly TiersOptions _options;

    internal TiersBuilder(TiersOptions options) => _options = options;

    /// <summary>Tells clients apart by a value, or by several together.</summary>
    /// <param name="values">The values, from <see cref="Value"/>.</param>
    /// <returns>This builder.</returns>
    public TiersBuilder CountBy(params Expression[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Set(o =>
        {
            foreach (var value in values)
            {
                o.CountBy.Add(value);
            }
        });
    }

    /// <summary>Has requests without such a value count as those of one client, rather than refusing them.</summary>
    /// <returns>This builder.</returns>
    public TiersBuilder CountRestTogether() => Set(o => o.MissingKey = MissingKey.CountTogether);

    /// <summary>Finds a client's tier in a value; of several calls the first that names a tier decides.</summary>
    /// <param name="value">The value, from <see cref="Value"/>: a tier's name, or words of which one is.</param>
    /// <returns>This builder.</returns>
    public TiersBuilder TierBy(Expression value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Set(o => o.TierBy.Add(value));
    }

    /// <summary>Has a user's code tell clients' tiers.</summary>
    /// <param name="source">The code.</param>
    /// <param name="cacheTime">How long what it says is good; null for <see cref="TiersOptions.SourceCacheTime"/> as it is.</param>
    /// <returns>This builder.</returns>
    public TiersBuilder TierFrom(ITierSource source, TimeSpan? cacheTime = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Set(o => (o.Source, o.SourceCacheTime) = (source, cacheTime ?? o.SourceCacheTime));
    }

    /// <summary>Adds a tier.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="configure">Says what its clients may have.</param>
    /// <returns>This builder.</returns>
    public TiersBuilder AddTier(string name, Action<TierBuilder>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var tier = new TierOptions { Name = name };
        configure?.Invoke(new TierBuilder(tier));
        return Set(o => o.Tiers.Add(tier));
    }

    /// <summary>Gives clients of no known tier one, rather than refusing them.</summary>
    /// <param name="name">The tier's name.</param>
    /// <returns>This builder.</returns>
    public TiersBuilder DefaultTier(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Set(o => o.DefaultTier = name);
    }

    /// <summary>Shares clients' limits with other gateways. See <see cref="TiersOptions.Leases"/>.</summary>
    /// <param name="leases">What they have in common.</param>
    /// <returns>This builder.</returns>
    public TiersBuilder Share(TierLeases leases)
    {
        ArgumentNullException.ThrowIfNull(leases);
        return Set(o => o.Leases = leases);
    }

    /// <summary>Keeps what clients have used of their quotas over restarts. See <see cref="TiersOptions.QuotaFolder"/>.</summary>
    /// <param name="folder">Where; made where it is not there.</param>
    /// <returns>This builder.</returns>
    public TiersBuilder KeepQuotas(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return Set(o => o.QuotaFolder = folder);
    }

    /// <summary>Keeps what clients have used of their quotas over restarts, in a place of one's own.</summary>
    /// <param name="store">The place.</param>
    /// <returns>This builder.</returns>
    public TiersBuilder KeepQuotas(IQuotaStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return Set(o => o.QuotaStore = store);
    }

    /// <summary>Says what requests cost; the first such verb whose condition holds decides.</summary>
    /// <param name="units">How many units.</param>
    /// <param name="when">Which requests; null for all.</param>
    /// <returns>This builder.</returns>
    public TiersBuilder Cost(long units, Condition? when = null) => Set(o => o.Costs.Add(new TierCostOptions { Units = units, When = when }));

    /// <summary>Has a value of the request say what it costs.</summary>
    /// <param name="units">The value, from <see cref="Value"/>.</param>
    /// <param name="when">Which requests; null for all.</param>
    /// <returns>This builder.</returns>
    public TiersBuilder Cost(Expression units, Condition? when = null)
    {
        ArgumentNullException.ThrowIfNull(units);
        return Set(o => o.Costs.Add(new TierCostOptions { By = units, When = when }));
    }

    /// <summary>Has code say what requests cost.</summary>
    /// <param name="units">The code.</param>
    /// <param name="when">Which requests; null for all.</param>
    /// <returns>This builder.</returns>
    public TiersBuilder Cost(Func<HttpExchange, long> units, Condition? when = null)
    {
        ArgumentNullException.ThrowIfNull(units);
        return Set(o => o.Costs.Add(new TierCostOptions { ByCode = units, When = when }));
    }

    /// <summary>Has a value of the response say what the request has cost.</summary>
    /// <param name="units">The value, as in <c>Value.Parse("res.hdr(x-cost)")</c>.</param>
    /// <returns>This builder.</returns>
    public TiersBuilder ChargeBy(Expression units)
    {
        ArgumentNullException.ThrowIfNull(units);
        return Set(o => o.ChargeBy = units);
    }

    /// <summary>Has code say from the heads of request and response what the request has cost.</summary>
    /// <param name="units">The code.</param>
    /// <returns>This builder.</returns>
    public TiersBuilder ChargeBy(Func<HttpExchange, long?> units)
    {
        ArgumentNullException.ThrowIfNull(units);
        return Set(o => o.ChargeByCode = units);
    }

    /// <summary>Has code say at the end what the exchange has cost.</summary>
    /// <param name="units">The code.</param>
    /// <returns>This builder.</returns>
    public TiersBuilder ChargeAtEnd(Func<TierUsage, long> units)
    {
        ArgumentNullException.ThrowIfNull(units);
        return Set(o => o.ChargeAtEnd = units);
    }

    /// <summary>Charges the bytes that came from the server.</summary>
    /// <param name="bytesOfUnit">How many bytes a unit has, 1 or more; a part of one counts as one.</param>
    /// <returns>This builder.</returns>
    public TiersBuilder ChargeByBytes(long bytesOfUnit = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesOfUnit, 1);
        return ChargeAtEnd(usage => (usage.BytesFromServer / bytesOfUnit) + (usage.BytesFromServer % bytesOfUnit > 0 ? 1 : 0));
    }

    /// <summary>Leaves the fields out that tell clients of their limits.</summary>
    /// <returns>This builder.</returns>
    public TiersBuilder WithoutHeaders() => Set(o => (o.TellsLimits, o.WarningHeader) = (false, null));

    /// <summary>Answers requests that a limit refuses.</summary>
    /// <param name="action">An action that ends a request.</param>
    /// <returns>This builder.</returns>
    public TiersBuilder WhenRefused(RuleAction action)
    {
        ArgumentNullException.ThrowIfNull(action);
        return Set(o => o.WhenRefused = action);
    }

    /// <summary>Answers requests whose client has no tier, or nothing to count by.</summary>
    /// <param name="action">An action that ends a request.</param>
    /// <returns>This builder.</returns>
    public TiersBuilder WhenUnknown(RuleAction action)
    {
        ArgumentNullException.ThrowIfNull(action);
        return Set(o => o.WhenUnknown = action);
    }

    /// <summary>Limits of how many clients there are counts.</summary>
    /// <param name="count">How many.</param>
    /// <param name="refusesNew">Whether more are turned away, rather than others forgotten.</param>
    /// <returns>This builder.</returns>
    public TiersBuilder MaxClients(int count, bool refusesNew = false) => Set(o => (o.MaxClients, o.RefusesNewClients) = (count, refusesNew));

    /// <summary>Changes the options directly, for what has no verb.</summary>
    /// <param name="configure">The change.</param>
    /// <returns>This builder.</returns>
    public TiersBuilder Configure(Action<TiersOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Set(configure);
    }

    private TiersBuilder Set(Action<TiersOptions> change)
    {
        change(_options);
        return this;
    }
}
