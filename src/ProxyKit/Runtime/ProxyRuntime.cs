using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.Logging;
using ProxyKit.Backends;
using ProxyKit.Checks;
using ProxyKit.CircuitBreakers;
using ProxyKit.Exchanges;
using ProxyKit.Frontends;
using ProxyKit.Logging;
using ProxyKit.Metering;
using ProxyKit.Metering.Quotas;
using ProxyKit.Statistics;
using ProxyKit.StickTables;
using ProxyKit.Tiers;
using ProxyKit.Transport;
using ProxyKit.Transport.Sockets;

namespace ProxyKit.Runtime;

/// <summary>Brings configurations into use and takes them out of it. A configuration is built and its new addresses are opened aside; only when
/// all of that has gone well does one write put it to use.</summary>
internal sealed class ProxyRuntime(DataPath path, ILogger log, HealthChecks checks, UsageStores stores, QuotaKeepers quotas, IMeterFactory? meterFactory) : IAsyncDisposable
{
    private readonly SemaphoreSlim _changing = new(1, 1); // one change at a time; guards everything below
    private readonly SnapshotHolder _snapshots = new();
    private readonly Dictionary<BindKey, Listener> _listeners = [];
    private readonly List<Listener> _leaving = [];
    private readonly Lazy<int> _mostConnections = new(ProcessLimits.MaxConnections); // once, before clients use descriptors
    private ProxyState _state = new();
    private ProxyOptions? _options;
    private OpenStore? _usage;
    private StatisticsReader? _statistics;
    private ProxyMeters? _meters;
    private int _slots;
    private bool _stopped;

    public Snapshot Snapshot => _snapshots.Current;

    /// <summary>The addresses in use, with the ports that were chosen where 0 was asked for, in the order of frontends and binds.</summary>
    public IReadOnlyList<(string Frontend, EndPoint? EndPoint)> EndPoints { get; private set; } = [];

    /// <summary>Where what is used is written down; null where nothing is.</summary>
    public IUsageStore? Usage => Volatile.Read(ref _usage)?.Store;

    /// <summary>The counters of the running configuration; null before the first one is put to use.</summary>
    public StatisticsReader? Statistics => Volatile.Read(ref _statistics);

    /// <summary>The circuit breakers of a backend and its servers.</summary>
    public IEnumerable<CircuitBreaker> CircuitsOf(string backend) => Volatile.Read(ref _state).Circuits.Of(backend);

    /// <summary>The stick tables of the running configuration.</summary>
    public IReadOnlyDictionary<string, StickTable> Tables => Volatile.Read(ref _state).Tables;

    /// <summary>The groups of tiers of the running configuration.</summary>
    public IReadOnlyDictionary<string, TierGroup> Tiers => Volatile.Read(ref _state).Tiers;

    /// <summary>Puts a configuration to use, the first or another.</summary>
    /// <exception cref="ProxyConfigurationException">It is invalid; nothing changed.</exception>
    /// <exception cref="ListenException">An address cannot be listened on; nothing changed.</exception>
    /// <exception cref="IOException">A journal or quotas cannot be opened; nothing changed.</exception>
    public async Task ApplyAsync(ProxyOptions options, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            var faults = ProxyOptionsValidator.Validate(options);
            if (faults.Count > 0)
            {
                log.Refused(string.Join("; ", faults));
                throw new ProxyConfigurationException(faults);
            }

            var usage = stores.Find(options.Metering, out var isNew);
            IReadOnlyList<QuotaKeeper> opened = [];
            try
            {
                opened = await quotas.OpenAsync(options.Tiers, cancellationToken).ConfigureAwait(false);
                Apply(options, usage);
            }
            catch
            {
                await quotas.CloseAsync(opened).ConfigureAwait(false);
                if (isNew)
                {
                    await stores.CloseAsync(usage!).ConfigureAwait(false); // opened, so it is there
                }

                throw;
            }

            await quotas.CloseAllButAsync(options.Tiers).ConfigureAwait(false);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Finds what is wrong with a configuration, without opening or changing anything.</summary>
    public static IReadOnlyList<string> Check(ProxyOptions options, DataPath path, out IReadOnlyList<string> warnings)
    {
        warnings = [];
        var faults = ProxyOptionsValidator.Validate(options);
        if (faults.Count > 0)
        {
            return faults;
        }

        var builder = new SnapshotBuilder(path, new ProxyState());
        try
        {
            builder.Build(options);
            warnings = builder.Warnings;
            return builder.Faults;
        }
        finally
        {
            builder.State.Dispose();
        }
    }

    /// <summary>Accepts no more, waits for what is under way as long as the configuration allows, then breaks the rest off.</summary>
    /// <param name="cancellationToken">Ends the waiting early.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            if (_stopped)
            {
                return;
            }

            _stopped = true;
            path.IsStopping = true;
            var limit = _options?.DrainTimeout ?? TimeSpan.Zero;
            var listeners = _listeners.Values.Concat(_leaving).Distinct().ToArray();
            if (listeners.Length > 0)
            {
                log.Draining(path.Connections.Current, limit);
            }

            await Task.WhenAll(listeners.Select(static l => l.CloseAsync())).ConfigureAwait(false);
            await DrainAsync(listeners, limit, cancellationToken).ConfigureAwait(false);
            await checks.StopAsync(cancellationToken).ConfigureAwait(false);
            _meters?.Dispose();
            await quotas.DisposeAsync().ConfigureAwait(false); // when the last request was charged
            _state.Dispose();
            await stores.DisposeAsync().ConfigureAwait(false); // when the last exchange has written its event
            foreach (var listener in listeners)
            {
                listener.Dispose();
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        path.Wheel.Dispose();
    }

    private void Apply(ProxyOptions options, OpenStore? usage)
    {
        var builder = new SnapshotBuilder(path, _state) { MostConnections = _mostConnections.Value, Usage = usage?.Recorder };
        var opened = new Dictionary<BindKey, Listener>();
        var used = new List<(BindKey Key, Listener Listener, BoundPolicy Bound, string Frontend)>();
        BuiltConfiguration built;
        try
        {
            built = builder.Build(options);
            if (builder.Faults.Count > 0)
            {
                log.Refused(string.Join("; ", builder.Faults));
                throw new ProxyConfigurationException(builder.Faults);
            }

            if (_options is null)
            {
                SocketTransport.PutHeapTogether(); // before an address is open: nobody waits
            }

            foreach (var (frontend, policy) in options.Frontends.Zip(built.Frontends))
            {
                var numbers = Numbering.OfBinds(frontend);
                foreach (var (index, bind) in frontend.Binds.Index())
                {
                    var key = BindKey.For(frontend, bind, index);
                    if (!_listeners.TryGetValue(key, out var listener))
                    {
                        listener = opened[key] = Open(frontend, bind, key);
                    }

                    used.Add((key, listener, builder.BuildBound(bind, policy, numbers[index], listener), frontend.Name));
                }
            }
        }
        catch
        {
            foreach (var listener in opened.Values)
            {
                listener.Dispose();
            }

            builder.State.Abandon();
            throw;
        }

        stores.Use(usage, options.Metering);
        Volatile.Write(ref _usage, usage);
        Use(options, builder.State, new Snapshot(Bind(used), built.Backends), built, used, opened, ReaderOf(options, built, builder.State.Circuits, used));
    }

    /// <summary>Nothing fails from here on.</summary>
    private void Use(
        ProxyOptions options,
        ProxyState state,
        Snapshot snapshot,
        BuiltConfiguration built,
        List<(BindKey Key, Listener Listener, BoundPolicy Bound, string Frontend)> used,
        Dictionary<BindKey, Listener> opened,
        StatisticsReader statistics)
    {
        path.Connections.Limit = options.MaxConnections ?? _mostConnections.Value;
        path.ConnectionRate.Limit = options.MaxConnectionRate ?? int.MaxValue;
        path.SessionRate.Limit = options.MaxSessionRate ?? int.MaxValue;
        path.TlsConnections.Limit = options.MaxTlsConnections ?? int.MaxValue;
        path.TlsRate.Limit = options.MaxTlsRate ?? int.MaxValue;
        foreach (var frontend in options.Frontends)
        {
            state.ConnectionsOf(frontend.Name).Limit = frontend.MaxConnections ?? int.MaxValue;
            state.RateOf(frontend.Name, path.Time).Limit = frontend.MaxSessionRate ?? int.MaxValue;
        }

        var left = _listeners.Where(l => used.All(u => u.Key != l.Key)).ToArray();
        foreach (var backend in snapshot.Backends)
        {
            backend.State.Adopt(backend);
        }

        built.Variables.Set(e => path.Log.Failed(e, "-")); // before checks and rules ask for them
        checks.Use(built.Health, options.MaxCheckStartSpread); // before clients come: who starts in maintenance gets none
        foreach (var (_, listener, bound, _) in used)
        {
            listener.Connections.Limit = bound.MaxConnections ?? int.MaxValue;
        }

        state.AdoptTiers(quotas); // before clients are judged by them
        state.Issuers.Start(); // before tokens come that wait for keys
        state.Circuits.TakeOverIsolation(); // before requests ask them
        _snapshots.Current = snapshot;
        Volatile.Write(ref _statistics, statistics);
        _meters ??= new ProxyMeters(meterFactory); // not before there is something to tell
        _meters.Source = statistics;
        state.Commit();
        state.Resolvers.Use(built.Resolved);
        _state = state;
        _options = options;
        foreach (var (key, listener) in opened)
        {
            _listeners.Add(key, listener);
            listener.Start();
        }

        foreach (var (key, listener) in left)
        {
            _listeners.Remove(key);
            _leaving.Add(listener);
            _ = LeaveAsync(listener, options.DrainTimeout);
        }

        EndPoints = [.. used.Select(static u => (u.Frontend, u.Listener.LocalEndPoint))];
        foreach (var (key, listener, _, frontend) in used)
        {
            if (opened.ContainsKey(key))
            {
                log.Listening(frontend, listener.LocalEndPoint);
            }
        }

        log.Applied(options.Frontends.Count, options.Backends.Count);
    }

    private StatisticsReader ReaderOf(
        ProxyOptions options,
        BuiltConfiguration built,
        CircuitStates circuits,
        List<(BindKey Key, Listener Listener, BoundPolicy Bound, string Frontend)> used)
    {
        var names = options.Frontends.SelectMany(static f => f.Binds.Select(static (b, i) => b.Name ?? $"sock-{i + 1}"));
        return new StatisticsReader(
            path,
            built.Frontends,
            [.. used.Zip(names, static (u, name) => (u.Frontend, name, u.Listener))],
            built.Backends,
            circuits,
            _statistics?.StartedAt ?? path.Time.GetTimestamp());
    }

    private static BoundPolicy?[] Bind(List<(BindKey Key, Listener Listener, BoundPolicy Bound, string Frontend)> used)
    {
        var bound = new BoundPolicy?[used.Count == 0 ? 0 : used.Max(static u => u.Listener.Slot) + 1];
        foreach (var (_, listener, policy, _) in used)
        {
            bound[listener.Slot] = policy;
        }

        return bound;
    }

    private Listener Open(FrontendOptions frontend, BindOptions bind, BindKey key)
    {
        if (_listeners.Keys.Any(key.Overlaps)) // which is not closed before this one is open
        {
            throw new ListenException(
                $"frontend \"{frontend.Name}\" > bind \"{bind.Address}\": the proxy listens there already, and another {nameof(bind.Interface)}, "
                + $"{nameof(bind.IPv6Only)}, {nameof(bind.IsTransparent)}, {nameof(bind.SocketMode)}, {nameof(bind.SocketUser)} or {nameof(bind.SocketGroup)} needs a start");
        }

        if (!NetworkAddress.TryParseListen(bind.Address, out var listen, out var fault))
        {
            throw new InvalidOperationException(fault); // validated: cannot be
        }

        try
        {
            var socket = path.Transport.Listen(listen with
            {
                Backlog = bind.Backlog ?? bind.MaxConnections ?? frontend.MaxConnections ?? listen.Backlog,
                DualStack = !bind.IPv6Only,
                Interface = bind.Interface,
                SavedPacket = bind.SavedPacket,
                IsTransparent = bind.IsTransparent,
                SocketMode = bind.SocketMode,
                SocketUser = bind.SocketUser is { } user ? SocketFile.FindNumber(user, SocketFile.Users) : null,
                SocketGroup = bind.SocketGroup is { } group ? SocketFile.FindNumber(group, SocketFile.Groups) : null,
            });
            return new Listener(path, _snapshots, socket, _slots++);
        }
        catch (IOException e)
        {
            throw new ListenException($"frontend \"{frontend.Name}\" > bind \"{bind.Address}\": {e.Message}", e);
        }
    }

    /// <summary>A listener that left the configuration: its sessions finish by themselves, or are broken off when they take too long.</summary>
    private async Task LeaveAsync(Listener listener, TimeSpan limit)
    {
        log.NoLongerListening(listener.LocalEndPoint);
        await listener.CloseAsync().ConfigureAwait(false);
        await DrainAsync([listener], limit, CancellationToken.None).ConfigureAwait(false);
        await _changing.WaitAsync().ConfigureAwait(false);
        _leaving.Remove(listener);
        _changing.Release();
        listener.Dispose();
    }

    private async Task DrainAsync(Listener[] listeners, TimeSpan limit, CancellationToken cancellationToken)
    {
        var drained = Task.WhenAll(listeners.Select(static l => l.Sessions.WhenEmpty()));
        try
        {
            await drained.WaitAsync(limit, path.Time, cancellationToken).ConfigureAwait(false);
            if (listeners.Length > 0)
            {
                log.Drained();
            }
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            log.DrainTimedOut(listeners.Sum(static l => l.Sessions.Kill()), limit);
            await drained.ConfigureAwait(false); // what is broken off ends at once, unless its usage waits for room
        }
    }
}

/// <summary>What makes a bind of one configuration the same as one of the next.</summary>
internal readonly record struct BindKey(string Address, bool IPv6Only, string? Interface, string? Owner, BindAccess Access)
{
    /// <summary>Whether the system lets one of two that are not the same listen, and not both.</summary>
    public bool Overlaps(BindKey other) =>
        Address == other.Address && Owner is null && (Interface is null || other.Interface is null || Interface == other.Interface);

    public static BindKey For(FrontendOptions frontend, BindOptions bind, int index) => new(
        bind.Address,
        bind.IPv6Only,
        bind.Interface,
        // Each bind on a free port has a port of its own.
        bind.Address.EndsWith(":0", StringComparison.Ordinal) ? $"{frontend.Name}/{index}" : null,
        new BindAccess(bind.IsTransparent, bind.SocketMode, bind.SocketUser, bind.SocketGroup));
}

/// <summary>What a socket is told of who may connect to it when it is opened, and not again.</summary>
internal readonly record struct BindAccess(bool IsTransparent, UnixFileMode? Mode, string? User, string? Group);
