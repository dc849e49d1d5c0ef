using System.Text;
using System.Threading.RateLimiting;

namespace ProxyKit.Tiers;

/// <summary>All clients of one group of tiers, and what is counted for them; outlives configurations.</summary>
/// <remarks>
/// The table has parts, each with a lock of its own: a request finds its client, is judged by all windows of its tier and counted by all or none
/// of them within one hold of it, which makes the limits exact however many threads there are. No code of a user's runs there.
/// System.Threading.RateLimiting has a limiter, with an object, a queue and a timer, for each window of each client; several of them cannot be
/// asked together without taking from one what another refuses. So the windows that come with ProxyKit are numbers of a client, and a user's
/// limiters stand behind them.
/// A client leaves when nothing counted for it means anything any more: each sweep looks at so many and goes on where the last one stopped.
/// </remarks>
internal sealed partial class ClientTable : IDisposable
{
    /// <summary>How many pieces a sliding window has at most.</summary>
    public const int MostSegments = 60;

    private const int PartBits = 6;
    private const int MostTries = 4; // to make room and take it before somebody else does

    private readonly ClientPart[] _parts = new ClientPart[1 << PartBits];
    private readonly TierClock _clock;
    private readonly ITimer _sweep;
    private readonly Action<Exception> _failed;
    private int _count;

    /// <param name="time">The clock.</param>
    /// <param name="failed">Is told what a user's limiter throws that is let go of.</param>
    public ClientTable(TimeProvider time, Action<Exception> failed)
    {
        _failed = failed;
        _clock = new TierClock(time);
        for (var i = 0; i < _parts.Length; i++)
        {
            _parts[i] = new ClientPart();
        }

        _sweep = time.CreateTimer(static table => ((ClientTable)table!).Sweep(), this, SweepInterval, SweepInterval);
    }

    /// <summary>How many clients there may be.</summary>
    public int MaxClients { get; set; } = 1_000_000;

    /// <summary>Whether a client that is not there yet is turned away from a full table, rather than one unused for long leaving it.</summary>
    public bool RefusesNew { get; set; }

    /// <summary>How many clients there are.</summary>
    public int Count => Volatile.Read(ref _count);

    public TierClock Clock => _clock;

    /// <summary>Judges a request by all windows of a plan, and counts it in all of them or in none.</summary>
    /// <param name="key">The client.</param>
    /// <param name="plan">Its tier.</param>
    /// <param name="units">What the request costs, as far as is known.</param>
    /// <param name="admission">Receives what came of it. Where the request was admitted, it has to be ended.</param>
    public void Admit(ReadOnlySpan<byte> key, TierPlan plan, long units, Admission admission)
    {
        (admission.Plan, admission.Units) = (plan, units);
        admission.Outcome = TierOutcome.NoRoom; // until there is a client
        Change(key, plan.Layout, (Plan: plan, Units: units, Admission: admission), static (client, time, request) =>
        {
            client.UsedAt = time.Steady;
            request.Admission.At = time;
            var isAdmitted = Judgement.TryTake(client, request.Plan, request.Units, in time, request.Admission);
            request.Admission.Outcome = isAdmitted ? TierOutcome.Admitted : TierOutcome.Refused;
            if (isAdmitted)
            {
                client.Holds++;
                client.HasChanged = true;
                request.Admission.Client = client;
            }
        });
    }

    /// <summary>Ends a request: sets right what it is charged, and gives its place back.</summary>
    /// <param name="admission">Of a request that was admitted.</param>
    /// <param name="units">What it has cost in the end.</param>
    public void End(Admission admission, long units)
    {
        Leave(admission, units, isWithdrawn: false);
        admission.Units = units;
    }

    /// <summary>Takes everything back that a request was counted with, as if it had not come: somebody behind the windows refused it.</summary>
    public void Withdraw(Admission admission) => Leave(admission, 0, isWithdrawn: true);

    /// <summary>Does something with a client under the lock of its part.</summary>
    /// <param name="key">The client.</param>
    /// <param name="layout">What the client counts by, for one that is not there yet is made; null to do nothing for such a one.</param>
    /// <param name="state">What <paramref name="action"/> is given.</param>
    /// <param name="action">What is done; ours, not a user's.</param>
    /// <returns>Whether there was a client to do it with.</returns>
    public bool Change<T>(ReadOnlySpan<byte> key, CounterLayout? layout, T state, Action<ClientCounters, TierTime, T> action)
    {
        var hash = HashOf(key);
        var part = PartOf(hash);
        var hasPlace = false; // of one who has left for this one
        for (var tries = 0; tries < MostTries || hasPlace; tries++)
        {
            bool found, left;
            lock (part.Lock)
            {
                var client = part.Find(key, hash);
                if (client is null && layout is not null && (hasPlace || TryReserve()))
                {
                    client = Add(part, key, hash, layout);
                    hasPlace = false;
                }

                found = client is not null;
                if (client is not null)
                {
                    if (layout is not null)
                    {
                        client.Adopt(layout, part.Left);
                    }

                    action(client, _clock.Now, state); // read here, so that time only goes on for a client
                    NoteIfChanged(part, client);
                }

                left = part.Left.Any;
            }

            if (left)
            {
                EndLeft(part);
            }

            if (found || layout is null)
            {
                Interlocked.Add(ref _count, hasPlace ? -1 : 0); // somebody else has brought the client meanwhile
                return found;
            }

            hasPlace = TryMakeRoom(_clock.Now);
        }

        return false;
    }

    /// <summary>A client's limiter of the user's, made where there is none yet; null where a newer configuration has no such limit any more.</summary>
    /// <param name="client">A client that a request holds on to.</param>
    /// <param name="plan">Its tier.</param>
    /// <param name="window">The window that the limiter is for.</param>
    public RateLimiter? LimiterOf(ClientCounters client, TierPlan plan, Window window)
    {
        var part = PartOf(client.Hash);
        lock (part.Lock)
        {
            var place = client.PlaceOf(plan, window);
            if (place < 0 || client.LimiterAt(place) is not null)
            {
                return place < 0 ? null : client.LimiterAt(place);
            }
        }

        var made = window.CreateLimiter!(Encoding.UTF8.GetString(client.Key)) // a window of a user's limiter has it; with no lock held, being a user's
            ?? throw new InvalidOperationException($"The limit '{window.Name}' has made no limiter."); // rather than that nothing is limited
        RateLimiter? first;
        lock (part.Lock)
        {
            var place = client.PlaceOf(plan, window);
            first = place < 0 ? null : client.LimiterAt(place);
            if (place >= 0 && first is null)
            {
                client.PutLimiter(place, made);
                return made;
            }

            part.Left.Add([made]); // somebody else was quicker, or a newer configuration
        }

        EndLeft(part);
        return first;
    }

    /// <summary>What was set for a client alone; null where nothing was.</summary>
    public ClientSettings? SettingsOf(ReadOnlySpan<byte> key)
    {
        var hash = HashOf(key);
        var part = PartOf(hash);
        lock (part.Lock)
        {
            return part.Find(key, hash)?.Settings;
        }
    }

    /// <summary>The keys of all clients, as they are when their part is come to.</summary>
    public IEnumerable<byte[]> Keys()
    {
        foreach (var part in _parts)
        {
            byte[][] keys;
            lock (part.Lock)
            {
                keys = [.. part.All().Select(static c => c.Key.ToArray())];
            }

            foreach (var key in keys)
            {
                yield return key;
            }
        }
    }

    public void Dispose()
    {
        _sweep.Dispose();
        foreach (var part in _parts)
        {
            lock (part.Lock)
            {
                Interlocked.Add(ref _count, -part.Clear());
            }

            EndLeft(part);
        }
    }

    /// <summary>The lock that guards the clients of a hash.</summary>
    public Lock LockOf(int hash) => PartOf(hash).Lock;

    private static int HashOf(ReadOnlySpan<byte> key)
    {
        var hash = default(HashCode); // seeded by the process, since clients choose keys
        hash.AddBytes(key);
        return hash.ToHashCode();
    }

    /// <summary>The upper bits choose the part, the lower ones the place in it.</summary>
    private ClientPart PartOf(int hash) => _parts[(uint)hash >> (32 - PartBits)];

    private void NoteIfChanged(ClientPart part, ClientCounters client)
    {
        if (client.HasChanged)
        {
            client.HasChanged = false;
            if (_keepsQuotas)
            {
                part.NoteChanged(client);
            }
        }
    }

    private static ClientCounters Add(ClientPart part, ReadOnlySpan<byte> key, int hash, CounterLayout layout)
    {
        var client = new ClientCounters(key, hash, layout);
        part.Add(client);
        return client;
    }

    private void Leave(Admission admission, long units, bool isWithdrawn)
    {
        var (client, plan) = (admission.Client!, admission.Plan!); // admitted
        admission.Client = null;
        var part = PartOf(client.Hash);
        lock (part.Lock)
        {
            client.Holds--;
            if (isWithdrawn)
            {
                Judgement.TakeBack(client, plan, admission.Units, admission.At, _clock.Now);
            }
            else if (units != admission.Units || plan.CountsPresent)
            {
                Judgement.Settle(client, plan, admission.Units, units, admission.At, _clock.Now);
            }

            client.HasLess |= isWithdrawn || units < admission.Units;
            client.HasChanged |= isWithdrawn || units != admission.Units;
            NoteIfChanged(part, client);
        }
    }
}
