using ProxyKit.Backends;
using ProxyKit.Frontends;
using ProxyKit.Metering;
using ProxyKit.Resolvers;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Variables;
using ProxyKit.StickTables;
using ProxyKit.Tiers;

namespace ProxyKit;

/// <summary>Composes a proxy. Collects <see cref="ProxyOptions"/> and nothing more; used once.</summary>
public sealed class ProxyBuilder
{
    private readonly ProxyOptions _options = new();
    private bool _built;

    /// <summary>Adds a place where clients arrive.</summary>
    /// <param name="name">Its name, unique among frontends.</param>
    /// <param name="configure">Says what it is.</param>
    /// <returns>This builder.</returns>
    public ProxyBuilder AddFrontend(string name, Action<FrontendBuilder> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new FrontendOptions { Name = name };
        configure(new FrontendBuilder(options));
        Open().Frontends.Add(options);
        return this;
    }

    /// <summary>Adds a group of servers.</summary>
    /// <param name="name">Its name, unique among backends.</param>
    /// <param name="configure">Says what it is.</param>
    /// <returns>This builder.</returns>
    public ProxyBuilder AddBackend(string name, Action<BackendBuilder> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new BackendOptions { Name = name };
        configure(new BackendBuilder(options));
        Open().Backends.Add(options);
        return this;
    }

    /// <summary>Adds counters by key. HAProxy: <c>stick-table</c>.</summary>
    /// <param name="name">Its name, unique among tables.</param>
    /// <param name="keyType">What the keys are.</param>
    /// <param name="size">How many entries it holds; 1 or more.</param>
    /// <param name="expire">How long an entry stays after its last use; null for as long as there is room.</param>
    /// <param name="store">What is counted.</param>
    /// <returns>This builder.</returns>
    public ProxyBuilder AddStickTable(string name, StickKeyType keyType, int size, TimeSpan? expire, params StickData[] store)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(store);
        var options = new StickTableOptions { Name = name, KeyType = keyType, Size = size, Expire = expire };
        foreach (var data in store)
        {
            options.Store.Add(data);
        }

        Open().StickTables.Add(options);
        return this;
    }

    /// <summary>Adds nameservers that are asked while the proxy runs. HAProxy: <c>resolvers</c>.</summary>
    /// <param name="name">Their name, unique among groups of resolvers.</param>
    /// <param name="configure">Says who they are and how they are asked.</param>
    /// <returns>This builder.</returns>
    public ProxyBuilder AddResolvers(string name, Action<ResolversBuilder> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new ResolversOptions { Name = name };
        configure(new ResolversBuilder(options));
        Open().Resolvers.Add(options);
        return this;
    }

    /// <summary>Writes down who used how much. See <see cref="ProxyOptions.Metering"/>.</summary>
    /// <param name="configure">Says where and what.</param>
    /// <returns>This builder.</returns>
    public ProxyBuilder AddMetering(Action<MeteringBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(new MeteringBuilder(Open().Metering ??= new MeteringOptions()));
        return this;
    }

    /// <summary>Adds a group of tiers, for frontends that use it.</summary>
    /// <param name="name">Its name, unique among groups.</param>
    /// <param name="configure">Says what it is.</param>
    /// <returns>This builder.</returns>
    public ProxyBuilder AddTiers(string name, Action<TiersBuilder> configure)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new TiersOptions { Name = name };
        configure(new TiersBuilder(options));
        Open().Tiers.Add(options);
        return this;
    }

    /// <summary>Sets a variable of the process whenever the configuration is put to use. See <see cref="ProxyOptions.Variables"/>.</summary>
    /// <param name="name">The variable, as in <c>proc.stage</c>.</param>
    /// <param name="value">The value, which needs no client.</param>
    /// <returns>This builder.</returns>
    public ProxyBuilder SetVariable(string name, Expression value)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(value);
        Open().Variables.Add(new ProcessVariableOptions(name, value));
        return this;
    }

    /// <summary>Limits how many client connections are served at once. See <see cref="ProxyOptions.MaxConnections"/>.</summary>
    /// <param name="count">1 or more.</param>
    /// <returns>This builder.</returns>
    public ProxyBuilder MaxConnections(int count)
    {
        Open().MaxConnections = count;
        return this;
    }

    /// <summary>Limits how long a stop waits for what is under way. See <see cref="ProxyOptions.DrainTimeout"/>.</summary>
    /// <param name="limit">Zero or more.</param>
    /// <returns>This builder.</returns>
    public ProxyBuilder DrainTimeout(TimeSpan limit)
    {
        Open().DrainTimeout = limit;
        return this;
    }

    /// <summary>Changes the options directly, for what has no verb.</summary>
    /// <param name="configure">The change.</param>
    /// <returns>This builder.</returns>
    public ProxyBuilder Configure(Action<ProxyOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        configure(Open());
        return this;
    }

    /// <summary>Hands out what was collected. The builder is used up by it.</summary>
    /// <returns>The options.</returns>
    /// <exception cref="InvalidOperationException">The builder has already built a proxy.</exception>
    public ProxyOptions Build()
    {
        var options = Open();
        _built = true;
        return options;
    }

    private ProxyOptions Open() =>
        _built ? throw new InvalidOperationException("This builder has already built a proxy.") : _options;
}
