using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ProxyKit.Backends;
using ProxyKit.Checks;
using ProxyKit.CircuitBreakers;
using ProxyKit.Exchanges;
using ProxyKit.Logging;
using ProxyKit.Mailing;
using ProxyKit.Metering;
using ProxyKit.Metering.Quotas;
using ProxyKit.Rules.Explaining;
using ProxyKit.Runtime;
using ProxyKit.Runtime.Explaining;
using ProxyKit.Statistics;
using ProxyKit.StickTables;
using ProxyKit.Tiers;
using ProxyKit.Transport;
using ProxyKit.Transport.Sockets;

namespace ProxyKit;

/// <summary>
/// A proxy: listens, routes, balances, relays. Needs no host and no container:
/// <c>await using var proxy = Proxy.Create(p => …); await proxy.StartAsync();</c>
/// </summary>
public sealed class Proxy : IAsyncDisposable
{
    private readonly ProxyOptions _options;
    private readonly ProxyRuntime _runtime;
    private readonly DataPath _path;
    private readonly ILogger _healthLog;
    private readonly UsageStores _stores; // the runtime's, which closes them
    private int _started;

    internal Proxy(ProxyOptions options, ProxyEnvironment environment, BufferPool pool)
    {
        _options = options;
        var time = environment.TimeProvider ?? TimeProvider.System;
        var log = ExchangeLogs.For(environment.LoggerFactory, environment.AccessLog, time);
        _path = new DataPath(environment.Transport ?? new SocketTransport(), pool, new TimerWheel(time), log);
        var loggers = environment.LoggerFactory ?? NullLoggerFactory.Instance;
        _healthLog = loggers.CreateLogger(HealthLog.Category);
        var checks = new HealthChecks(new CheckEnvironment(_path.Transport, pool, _path.Wheel, _healthLog)
        {
            OnChanged = OnServerChanged,
            Mails = new MailQueues(_path.Transport, _path.Wheel, loggers.CreateLogger(MailingLog.Category)),
        });
        _stores = new UsageStores(loggers, time);
        _runtime = new ProxyRuntime(
            _path, new UnfailingLogger(loggers.CreateLogger(ProxyKitLog.Category)), checks, _stores, new QuotaKeepers(loggers, time), environment.MeterFactory);
    }

    /// <summary>Told of each change of a server's state, once it is in effect. On the thread that brought the change; must not block. Two changes
    /// at once may be told in either order.</summary>
    public event EventHandler<ServerChange>? ServerChanged;

    /// <summary>The addresses the proxy listens on, with the ports that were chosen where 0 was asked for; in the order of frontends and
    /// their binds. Empty before the start.</summary>
    public IReadOnlyList<EndPoint?> EndPoints => [.. _runtime.EndPoints.Select(static e => e.EndPoint)];

    /// <summary>How many client connections are served at this moment.</summary>
    public int Connections => _path.Connections.Current;

    /// <summary>At most how many client connections are served at once. See <see cref="ProxyOptions.MaxConnections"/>.</summary>
    public int MaxConnections => _path.Connections.Limit;

    /// <summary>Where what clients use is written down: a <see cref="Metering.Journals.UsageJournal"/>, or the store of one's own; null before the start and
    /// without <see cref="ProxyOptions.Metering"/>. Closed when the proxy stops.</summary>
    public IUsageStore? Usage => _runtime.Usage;

    /// <summary>The journals that the proxy's configurations have named since the start, in the order in which they were put to use: a reload may name another one
    /// while events are still written to the one before. Closed when the proxy stops, and still told then.</summary>
    /// <value>None before the start, and where usage goes to a store of one's own.</value>
    public IReadOnlyList<Metering.Journals.UsageJournal> UsageJournals => _stores.Journals;

    /// <summary>Makes a proxy from a composition.</summary>
    /// <param name="configure">Says what it is made of.</param>
    /// <param name="loggerFactory">Where its log goes; null for nowhere.</param>
    /// <returns>The proxy, not started.</returns>
    public static Proxy Create(Action<ProxyBuilder> configure, ILoggerFactory? loggerFactory = null)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var builder = new ProxyBuilder();
        configure(builder);
        return Create(builder.Build(), new ProxyEnvironment { LoggerFactory = loggerFactory });
    }

    /// <summary>Makes a proxy from options.</summary>
    /// <param name="options">What it is made of.</param>
    /// <param name="environment">What it runs on; null for the usual.</param>
    /// <returns>The proxy, not started.</returns>
    public static Proxy Create(ProxyOptions options, ProxyEnvironment? environment = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new Proxy(options, environment ?? new ProxyEnvironment(), BufferPool.Shared);
    }

    /// <summary>Finds everything that is wrong with a configuration, without opening an address.</summary>
    /// <param name="options">The configuration.</param>
    /// <returns>The faults, each with its place; none for a configuration that could be put to use.</returns>
    public static IReadOnlyList<string> Check(ProxyOptions options) => Check(options, out _);

    /// <summary>Finds everything that is wrong with a configuration, without opening an address, and what is run but was probably not meant.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="warnings">Conditions of rules and routes that ask for what is not known where they are asked, so that they never hold; each with its
    /// place. None where there are faults in the options themselves.</param>
    /// <returns>The faults, each with its place; none for a configuration that could be put to use.</returns>
    public static IReadOnlyList<string> Check(ProxyOptions options, out IReadOnlyList<string> warnings)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var wheel = new TimerWheel(TimeProvider.System);
        var log = ExchangeLogs.For(null, null, TimeProvider.System);
        return ProxyRuntime.Check(options, new DataPath(new SocketTransport(), BufferPool.Shared, wheel, log), out warnings);
    }

    /// <summary>Explains where a request would go and why: which rules would fire, which would not for which term of their conditions, which backend
    /// would have it, which of its servers could be chosen, or what the proxy would answer. Nothing listens, nothing is sent, and no running
    /// proxy is touched: the rules are asked in a configuration made for this, as in a process that has just begun.</summary>
    /// <remarks>Conditions and actions in C# are run, save for those that may wait; whatever they do besides, they do.</remarks>
    /// <param name="options">The configuration.</param>
    /// <param name="request">The request; <see cref="ExampleRequest.Parse"/> makes one of a line.</param>
    /// <returns>The explanation; its text is for people.</returns>
    /// <exception cref="ProxyConfigurationException">The configuration is invalid; all its faults are listed.</exception>
    /// <exception cref="FormatException">The request cannot be written, or no frontend listens where it goes.</exception>
    public static Explanation Explain(ProxyOptions options, ExampleRequest request)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(request);
        using var wheel = new TimerWheel(TimeProvider.System);
        var log = ExchangeLogs.For(null, null, TimeProvider.System);
        return Explainer.Explain(options, request, new DataPath(new SocketTransport(), BufferPool.Shared, wheel, log));
    }

    /// <summary>Checks the configuration and starts to listen.</summary>
    /// <param name="cancellationToken">Gives the start up.</param>
    /// <returns>When every address is open.</returns>
    /// <exception cref="ProxyConfigurationException">The configuration is invalid; all its faults are listed. Nothing listens.</exception>
    /// <exception cref="ListenException">An address cannot be listened on; the message names which. Nothing listens.</exception>
    /// <exception cref="IOException">A usage journal or quotas cannot be opened; the message names which. Nothing listens.</exception>
    /// <exception cref="InvalidOperationException">The proxy was started before.</exception>
    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _started, 1) != 0)
        {
            throw new InvalidOperationException("The proxy was started before.");
        }

        return StartOnceAsync(cancellationToken);
    }

    /// <summary>Puts another configuration to use while traffic flows. Listeners whose address stays are not reopened; exchanges under way keep the
    /// configuration they began with; what left drains.</summary>
    /// <param name="options">The new configuration.</param>
    /// <param name="cancellationToken">Gives the reload up before it begins.</param>
    /// <returns>When it is in use.</returns>
    /// <exception cref="ProxyConfigurationException">The configuration is invalid; all its faults are listed, and the old one goes on.</exception>
    /// <exception cref="ListenException">A new address cannot be listened on; the message names which, and the old configuration goes on.</exception>
    /// <exception cref="IOException">A usage journal or quotas cannot be opened; the message names which, and the old configuration goes on.</exception>
    public Task ReloadAsync(ProxyOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        return _runtime.ApplyAsync(options, cancellationToken);
    }

    /// <inheritdoc cref="ReloadAsync(ProxyOptions, CancellationToken)"/>
    /// <param name="configure">Says what the proxy is made of from now on.</param>
    /// <param name="cancellationToken">Gives the reload up before it begins.</param>
    public Task ReloadAsync(Action<ProxyBuilder> configure, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var builder = new ProxyBuilder();
        configure(builder);
        return ReloadAsync(builder.Build(), cancellationToken);
    }

    /// <summary>Stops: no more clients are accepted, idle connections close, what is under way may end within
    /// <see cref="ProxyOptions.DrainTimeout"/>, the rest is broken off. A stopped proxy is not started again.</summary>
    /// <param name="cancellationToken">Ends the waiting early.</param>
    /// <returns>When nothing is left.</returns>
    public Task StopAsync(CancellationToken cancellationToken = default) => _runtime.StopAsync(cancellationToken);

    /// <summary>Reads the counters of the process, and of all frontends, listeners, backends and servers of the running configuration. They go on over reloads, by
    /// name. The meter <c>ProxyKit</c> publishes the same.</summary>
    /// <returns>The counters as they are now.</returns>
    /// <exception cref="InvalidOperationException">The proxy was not started.</exception>
    public ProxyStatistics GetStatistics() =>
        _runtime.Statistics?.Read() ?? throw new InvalidOperationException("The proxy was not started.");

    /// <summary>The servers of a backend, with a view of what goes on at each.</summary>
    /// <param name="backend">The backend's name.</param>
    /// <returns>The servers of the running configuration.</returns>
    /// <exception cref="ArgumentException">There is no such backend.</exception>
    public IReadOnlyList<Server> GetServers(string backend) => [.. Find(backend).Servers];

    /// <summary>How many requests, or TCP connections, wait for the first server of a backend that has room; those that wait for one server are
    /// that server's <see cref="Server.QueuedRequests"/>. HAProxy: <c>qcur</c>.</summary>
    /// <param name="backend">The backend's name.</param>
    /// <returns>How many.</returns>
    /// <exception cref="ArgumentException">There is no such backend.</exception>
    public int GetQueuedRequests(string backend) => Find(backend).State.QueuedForAny;

    /// <summary>Sets how many requests a server works on at once, from now on and over reloads; where that is more, those that wait start at
    /// once. HAProxy: <c>set maxconn server</c>.</summary>
    /// <param name="backend">The backend's name.</param>
    /// <param name="server">The server's name.</param>
    /// <param name="count">The limit; 0 for none, null for the configured one again.</param>
    /// <exception cref="ArgumentException">There is no such backend, or no such server in it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The limit is negative.</exception>
    public void SetMaxConnections(string backend, string server, int? count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count ?? 0, nameof(count));
        FindServer(backend, server).State.SetMaxConnections(count);
    }

    /// <summary>Sets the share of work that a server gets, from now on and over reloads. HAProxy: <c>set server weight</c>.</summary>
    /// <param name="backend">The backend's name.</param>
    /// <param name="server">The server's name.</param>
    /// <param name="weight">The weight, 0 to 256, or a part of the configured one such as <c>50%</c>; <c>100%</c> has the configured one count again.
    /// Algorithms that are static take none but 0 and that.</param>
    /// <exception cref="ArgumentException">There is no such backend, no such server in it, or the weight is none or one that its algorithm cannot
    /// follow.</exception>
    public void SetServerWeight(string backend, string server, string weight)
    {
        ArgumentNullException.ThrowIfNull(weight);
        if (!ServerWeight.TrySet(Find(backend), FindServer(backend, server), weight, out var fault))
        {
            throw new ArgumentException(fault, nameof(weight));
        }
    }

    /// <summary>The circuit breakers of a backend and its servers, to look at and to open or close by hand. Those of keys are there once a request had the
    /// key.</summary>
    /// <param name="backend">The backend's name.</param>
    /// <returns>The circuit breakers of the running configuration.</returns>
    public IReadOnlyList<CircuitBreaker> GetCircuitBreakers(string backend)
    {
        ArgumentNullException.ThrowIfNull(backend);
        return [.. _runtime.CircuitsOf(backend)];
    }

    /// <summary>A group of tiers: what its clients have used, and what can be changed while it runs.</summary>
    /// <param name="name">The group's name.</param>
    /// <returns>The group; the same one over reloads, as long as the configuration has it.</returns>
    /// <exception cref="ArgumentException">There is no such group.</exception>
    public TierGroup GetTiers(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _runtime.Tiers.GetValueOrDefault(name) ?? throw new ArgumentException($"There are no tiers '{name}'.", nameof(name));
    }

    /// <summary>The keys of a stick table with what is counted for them, each as it is when it is come to; in no order. HAProxy: <c>show table</c>.</summary>
    /// <param name="table">The table's name; of a table in a section of haproxy.cfg, the section's.</param>
    /// <returns>The entries. Those that have expired are left out.</returns>
    /// <exception cref="ArgumentException">There is no such table.</exception>
    public IReadOnlyList<StickTableEntry> GetStickTable(string table)
    {
        var found = FindTable(table);
        return [.. found.All().Select(entry => StickTableText.Read(found, entry))];
    }

    /// <summary>What a stick table counts for a key, without looking at the others and without a use of it. HAProxy: <c>show table</c> with <c>key</c>.</summary>
    /// <param name="table">The table's name.</param>
    /// <param name="key">The key, as for <see cref="RemoveStickKey"/>.</param>
    /// <param name="entry">What is counted for it, as it is now.</param>
    /// <returns>Whether the key is there and has not expired.</returns>
    /// <exception cref="ArgumentException">There is no such table.</exception>
    /// <exception cref="FormatException">The key is none that the table could have.</exception>
    public bool TryGetStickEntry(string table, string key, [NotNullWhen(true)] out StickTableEntry? entry)
    {
        var found = FindTable(table);
        entry = found.TryPeek(ParseKey(found, key), out var there) ? StickTableText.Read(found, there) : null;
        return entry is not null;
    }

    /// <summary>Has a stick table forget a key, so that it begins anew. HAProxy: <c>clear table</c> with <c>key</c>.</summary>
    /// <param name="table">The table's name.</param>
    /// <param name="key">The key, as <see cref="StickTableEntry.Key"/> shows it: of a string, with <c>\\</c> for a backslash and <c>\xHH</c> for a byte.
    /// What is longer than the table's keys is cut.</param>
    /// <returns>Whether it was there and is gone. One that a request or a connection tracks at this moment stays.</returns>
    /// <exception cref="ArgumentException">There is no such table.</exception>
    /// <exception cref="FormatException">The key is none that the table could have: no address in its usual form, no number, a backslash with something
    /// else behind it.</exception>
    public bool RemoveStickKey(string table, string key)
    {
        var found = FindTable(table);
        return found.TryRemove(ParseKey(found, key));
    }

    /// <summary>Has a stick table forget all keys but those that are tracked at this moment. HAProxy: <c>clear table</c>.</summary>
    /// <param name="table">The table's name.</param>
    /// <returns>How many those were.</returns>
    /// <exception cref="ArgumentException">There is no such table.</exception>
    public int ClearStickTable(string table) => FindTable(table).Clear();

    /// <summary>Takes a server out, has it drain, or takes it in again. HAProxy: <c>set server state</c>.</summary>
    /// <param name="backend">The backend's name.</param>
    /// <param name="server">The server's name.</param>
    /// <param name="mode">What is to be.</param>
    /// <exception cref="ArgumentException">There is no such server.</exception>
    public void SetServerMode(string backend, string server, ServerMode mode) => FindServer(backend, server).State.Health.Administer(mode, null);

    /// <summary>Says how a server is, until its checks say otherwise. Means nothing in maintenance, and of a server that tracks another. HAProxy:
    /// <c>set server health</c>.</summary>
    /// <param name="backend">The backend's name.</param>
    /// <param name="server">The server's name.</param>
    /// <param name="health">How it is.</param>
    /// <exception cref="ArgumentException">There is no such server.</exception>
    public void SetServerHealth(string backend, string server, ForcedHealth health) => FindServer(backend, server).State.Health.Force(health switch
    {
        ForcedHealth.Up => OperationalState.Running,
        ForcedHealth.Stopping => OperationalState.Stopping,
        _ => OperationalState.Stopped,
    });

    /// <summary>Says for a server's agent whether the server is up, until the agent says otherwise. HAProxy: <c>set server agent</c>.</summary>
    /// <param name="backend">The backend's name.</param>
    /// <param name="server">The server's name.</param>
    /// <param name="isUp">Whether it is.</param>
    /// <exception cref="ArgumentException">There is no such server.</exception>
    public void SetAgentHealth(string backend, string server, bool isUp) => FindServer(backend, server).State.Health.ForceAgent(isUp);

    /// <summary>Stops without waiting for what is under way, and frees everything.</summary>
    /// <returns>When nothing is left.</returns>
    public ValueTask DisposeAsync() => _runtime.DisposeAsync();

    private StickTable FindTable(string table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return _runtime.Tables.GetValueOrDefault(table) ?? throw new ArgumentException($"There is no stick table '{table}'.", nameof(table));
    }

    private static byte[] ParseKey(StickTable table, string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return StickTableText.TryParseKey(table, key, out var bytes)
            ? bytes
            : throw new FormatException($"'{key}' is no key of the stick table '{table.Name}'.");
    }

    private Backend Find(string backend)
    {
        ArgumentNullException.ThrowIfNull(backend);
        return Array.Find(_runtime.Snapshot.Backends, b => b.Name == backend)
            ?? throw new ArgumentException($"There is no backend '{backend}'.", nameof(backend));
    }

    private Server FindServer(string backend, string server)
    {
        ArgumentNullException.ThrowIfNull(server);
        return Array.Find(Find(backend).Servers, s => s.Name == server)
            ?? throw new ArgumentException($"There is no server '{server}' in backend '{backend}'.", nameof(server));
    }

    private void OnServerChanged(ServerChange change)
    {
        try
        {
            ServerChanged?.Invoke(this, change);
        }
        catch (Exception e)
        {
            _healthLog.HandlerFailed(e); // a user's handler
        }
    }

    private async Task StartOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _runtime.ApplyAsync(_options, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Volatile.Write(ref _started, 0); // nothing was started: it may be tried again
            throw;
        }
    }
}
