using System.Text;

namespace ProxyKit.Tiers;

/// <summary>A group of tiers as it runs: what its clients have used, and what can be changed while it does. It outlives reloads, by its name.</summary>
public sealed class TierGroup
{
    private readonly Lock _lock = new(); // guards _limits, _plans and the limits of those
    private readonly Dictionary<(string Tier, string Window), long> _limits = [];
    private readonly Action<Exception> _failed;
    private TierPlans? _plans;
    private AssignedTiers? _assigned; // by the source of the running configuration
    private long _versions;
    private int _overrides;

    internal TierGroup(string name, TimeProvider time, Action<Exception> failed)
    {
        Name = name;
        Clients = new ClientTable(time, failed);
        _failed = failed;
    }

    /// <summary>The group's name.</summary>
    public string Name { get; }

    /// <summary>The names of the tiers of the running configuration, in its order.</summary>
    public IReadOnlyList<string> Tiers => [.. (Volatile.Read(ref _plans)?.All ?? []).Select(static p => p.Name)];

    /// <summary>How many clients are counted.</summary>
    public int ClientCount => Clients.Count;

    internal ClientTable Clients { get; }

    /// <summary>Whether a client may have a setting of its own.</summary>
    internal bool HasOverrides => Volatile.Read(ref _overrides) > 0;

    /// <summary>Sets a limit of a tier, from now on and over reloads. What was counted stays.</summary>
    /// <param name="tier">The tier.</param>
    /// <param name="window">The limit's name.</param>
    /// <param name="limit">How many units, 0 or more; null for as many as the configuration says.</param>
    /// <exception cref="ArgumentException">There is no such tier, no such limit in it, or it is a limiter of one's own.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The limit is out of range.</exception>
    public void SetLimit(string tier, string window, long? limit)
    {
        ArgumentNullException.ThrowIfNull(tier);
        ArgumentNullException.ThrowIfNull(window);
        ThrowIfOutOfRange(limit ?? 0, nameof(limit));
        var known = Array.Find(PlanOf(tier).Windows, w => w.Name == window);
        if (known is null or { Shape.Kind: TierLimitKind.Own })
        {
            throw new ArgumentException($"Tier '{tier}' has no limit '{window}' that can be set.", nameof(window));
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit ?? 0, known.MostLimit, nameof(limit));
        lock (_lock)
        {
            if (limit is { } units)
            {
                _limits[(tier, window)] = units;
            }
            else
            {
                _limits.Remove((tier, window));
            }

            _plans!.Change(_limits); // there, since a tier of it was found
        }
    }

    /// <summary>Gives a client a tier or limits of its own, from now on and over reloads; it is not forgotten as long as it has them.</summary>
    /// <param name="client">The client's key.</param>
    /// <param name="settings">What it has; null to take that away.</param>
    /// <exception cref="ArgumentException">There is no such tier.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A limit is out of range.</exception>
    /// <exception cref="InvalidOperationException">There are as many clients as may be, and none can be forgotten.</exception>
    public void SetOverride(string client, ClientOverride? settings)
    {
        ArgumentNullException.ThrowIfNull(client);
        foreach (var limit in settings?.Limits.Values ?? [])
        {
            ThrowIfOutOfRange(limit, nameof(settings));
        }

        if (settings?.Tier is { } tier && Plans.Find(tier) is null)
        {
            throw new ArgumentException($"There is no tier '{tier}' in '{Name}'.", nameof(settings));
        }

        var made = settings is null ? null : new ClientSettings(settings);
        var found = Clients.Change(KeyOf(client), settings is null ? null : Plans.Layout, made, (counters, _, own) =>
        {
            var change = (own is null ? 0 : 1) - (counters.Settings is null ? 0 : 1);
            counters.Settings = own;
            counters.Holds += change;
            Interlocked.Add(ref _overrides, change);
        });
        ThrowUnless(found || settings is null);
    }

    /// <summary>What a client has used, and what is left.</summary>
    /// <param name="client">The client's key.</param>
    /// <param name="tier">Its tier; a setting of the client's own goes before it.</param>
    /// <returns>How each limit of the tier stands.</returns>
    /// <exception cref="ArgumentException">There is no such tier.</exception>
    public IReadOnlyList<TierLimitState> GetUsage(string client, string tier)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(tier);
        var key = KeyOf(client);
        return Read(key, Resolve(key, Plans, PlanOf(tier))!); // a tier that is there stays one
    }

    /// <summary>Sets what a client has used of a limit, as one does who has kept it elsewhere and starts anew.</summary>
    /// <param name="client">The client's key.</param>
    /// <param name="tier">A tier that has the limit.</param>
    /// <param name="window">The limit's name.</param>
    /// <param name="units">What was used of the window that is under way, 0 or more.</param>
    /// <exception cref="ArgumentException">There is no such tier, or no such limit in it.</exception>
    /// <exception cref="InvalidOperationException">There are as many clients as may be, and none can be forgotten.</exception>
    public void SetUsed(string client, string tier, string window, long units)
    {
        ArgumentNullException.ThrowIfNull(client);
        ThrowIfOutOfRange(units, nameof(units));
        var plan = PlanOf(tier);
        var known = Array.Find(plan.Windows, w => w.Name == window && w.Shape.Kind is not (TierLimitKind.Own or TierLimitKind.Concurrency))
            ?? throw new ArgumentException($"Tier '{tier}' has no limit '{window}' that counts.", nameof(window));
        ThrowUnless(Clients.Change(KeyOf(client), plan.Layout, (plan, known, units), static (counters, time, change) =>
        {
            var words = counters.WordsOf(change.plan, change.known);
            if (!words.IsEmpty)
            {
                // A period of a quota that is under way ends when it was to end, which may be by a day of the client's own.
                var (start, end) = change.known.Shape.Kind == TierLimitKind.Quota ? (words[2], words[0]) : default;
                words.Clear();
                if (end > 0)
                {
                    (words[2], words[0]) = (start, end);
                }

                var count = new WindowCount(change.known, words, in time);
                count.Add(change.units);
                (counters.HasChanged, counters.HasLess) = (true, true);
                counters.RestsAt = Math.Max(counters.RestsAt, time.Steady + count.RestsIn);
            }
        }));
    }

    /// <summary>Forgets what a client has used. What it has under way still counts as that.</summary>
    /// <param name="client">The client's key.</param>
    /// <returns>Whether anything was counted for it.</returns>
    public bool Reset(string client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return Clients.Change<object?>(KeyOf(client), null, null, static (counters, _, _) =>
        {
            counters.ClearCounts();
            (counters.HasChanged, counters.HasLess) = (true, true);
        });
    }

    /// <summary>The keys of the clients that are counted. Those that come and go meanwhile may be there or not.</summary>
    /// <returns>The keys.</returns>
    public IEnumerable<string> GetClients() => Clients.Keys().Select(Encoding.UTF8.GetString);

    /// <summary>The number of another configuration of the group.</summary>
    internal long NextVersion() => Interlocked.Increment(ref _versions);

    /// <summary>Puts a configuration to use.</summary>
    internal void Adopt(TiersOptions options, TierPlans plans, AssignedTiers? assigned)
    {
        lock (_lock)
        {
            plans.Change(_limits);
            Volatile.Write(ref _plans, plans);
        }

        (Clients.MaxClients, Clients.RefusesNew, _assigned) = (options.MaxClients, options.RefusesNewClients, assigned);
    }

    /// <summary>What the source of a configuration has said, from the one in use where that has the same; null where it has none.</summary>
    internal AssignedTiers? AssignedBy(TiersOptions options) => options.Source is null ? null
        : _assigned?.Serves(options) == true ? _assigned : new AssignedTiers(options, Clients.Clock.Provider, _failed);

    /// <summary>The plan that a client is judged by: its tier's, unless something was set for the client itself.</summary>
    internal TierPlan? Resolve(ReadOnlySpan<byte> key, TierPlans plans, TierPlan? plan) =>
        HasOverrides && Clients.SettingsOf(key) is { } settings ? settings.PlanIn(plans, plan) : plan;

    /// <summary>How the limits of a plan stand for a client.</summary>
    internal TierLimitState[] Read(ReadOnlySpan<byte> key, TierPlan plan)
    {
        var windows = new WindowState[plan.Windows.Length];
        if (!Clients.Change(key, null, (plan, windows), static (counters, now, to) => Judgement.Read(counters, to.plan, in now, to.windows)))
        {
            Judgement.Read(null, plan, Clients.Clock.Now, windows);
        }

        return [.. plan.Windows.Zip(windows).Where(static w => w.First.Shape.Kind != TierLimitKind.Own).Select(w => new TierLimitState(
            w.First.Name,
            w.First.Shape.Kind,
            w.First.Limit,
            w.Second.Used,
            w.First.Shape.Kind == TierLimitKind.Concurrency ? null : DateTimeOffset.FromUnixTimeMilliseconds(w.Second.EndsAt)))];
    }

    private TierPlans Plans => Volatile.Read(ref _plans) ?? throw new InvalidOperationException($"The tiers '{Name}' are not in use yet.");

    private TierPlan PlanOf(string tier)
    {
        ArgumentNullException.ThrowIfNull(tier);
        return Plans.Find(tier) ?? throw new ArgumentException($"There is no tier '{tier}' in '{Name}'.", nameof(tier));
    }

    private static void ThrowUnless(bool hasRoom)
    {
        if (!hasRoom)
        {
            throw new InvalidOperationException("There are as many clients as may be, and none of them can be forgotten.");
        }
    }

    private static byte[] KeyOf(string client) => Encoding.UTF8.GetBytes(client);

    private static void ThrowIfOutOfRange(long units, string parameter)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(units, parameter);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(units, TierUnits.Most, parameter);
    }
}
