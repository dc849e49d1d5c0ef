using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace ProxyKit.Tiers;

/// <summary>What a user's source has said of clients: of so many, for a time. One request asks for a client; others that come meanwhile wait for what it is
/// told. What was said last stays good where the source fails.</summary>
/// <remarks>It is kept for a client and what its request says of its tier, so that a client with two tokens has two entries, and does not
/// have the source asked each time that it changes between them. What is known is read without a lock.</remarks>
internal sealed class AssignedTiers(TiersOptions options, TimeProvider time, Action<Exception> failed)
{
    private const int LongestClaim = 128; // bytes that are kept of what a request says of its tier

    private readonly Lock _lock = new(); // guards changes of _known, and _order
    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);
    private readonly Queue<Known> _order = new(); // as they came in

    /// <summary>Whether it is of use to a configuration.</summary>
    public bool Serves(TiersOptions other) => other.Source == options.Source && other.SourceCacheTime == options.SourceCacheTime
        && other.SourceCacheSize == options.SourceCacheSize && other.SourceTimeout == options.SourceTimeout;

    /// <summary>Finds a client's tier without waiting.</summary>
    /// <param name="client">The client's key.</param>
    /// <param name="claimed">What its request says of its tier.</param>
    /// <param name="plans">The tiers.</param>
    /// <param name="plan">The tier; null for none.</param>
    /// <returns>Whether it is known.</returns>
    public bool TryFind(ReadOnlySpan<byte> client, ReadOnlySpan<byte> claimed, TierPlans plans, out TierPlan? plan)
    {
        Span<char> key = stackalloc char[TierKey.MostBytes + 1 + LongestClaim];
        WriteKey(client, claimed, key);
        if (_known.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key[..KeyLength(client, claimed)], out var known)
            && known.Said is { } said && time.GetTimestamp() < said.GoodUntil)
        {
            plan = said.PlanIn(plans);
            return true;
        }

        plan = null;
        return false;
    }

    /// <summary>Has the source find a client's tier.</summary>
    /// <returns>Whether the tier is known, be it from before, and the tier.</returns>
    public async ValueTask<(bool IsKnown, TierPlan? Plan)> FindAsync(byte[] client, byte[]? claimed, TierPlans plans, CancellationToken cancellationToken)
    {
        var (known, search) = Enter(client, claimed);
        await search.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // it never fails, and who gives up knows that
        return known.Said is { } said ? (true, said.PlanIn(plans)) : (false, null);
    }

    /// <summary>Client and claim, a byte a character, and what neither of them has in between. A long claim is known by its hash, so that nobody can have
    /// much kept.</summary>
    private static int KeyLength(ReadOnlySpan<byte> client, ReadOnlySpan<byte> claimed) =>
        client.Length + 1 + (claimed.Length > LongestClaim ? 2 * SHA256.HashSizeInBytes : claimed.Length);

    private static void WriteKey(ReadOnlySpan<byte> client, ReadOnlySpan<byte> claimed, Span<char> key)
    {
        Encoding.Latin1.GetChars(client, key);
        var isLong = claimed.Length > LongestClaim;
        key[client.Length] = isLong ? '\ufffe' : '\uffff'; // a claim that reads as the hash of another is not that one
        if (!isLong)
        {
            Encoding.Latin1.GetChars(claimed, key[(client.Length + 1)..]);
            return;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(claimed, hash);
        Convert.TryToHexStringLower(hash, key[(client.Length + 1)..], out _);
    }

    private (Known Known, Task Search) Enter(byte[] client, byte[]? claimed)
    {
        var key = string.Create(KeyLength(client, claimed), (client, claimed), static (to, of) => WriteKey(of.client, of.claimed, to));
        lock (_lock)
        {
            if (!_known.TryGetValue(key, out var known))
            {
                _known[key] = known = new Known(key);
                _order.Enqueue(known);
                while (_order.Count > options.SourceCacheSize)
                {
                    _known.TryRemove(_order.Dequeue().Key, out _);
                }
            }

            if (known.Search is not { } search)
            {
                known.Search = search = Task.Run(() => SearchAsync(known, client, claimed)); // a user's code, not under the lock
            }

            return (known, search);
        }
    }

    private async Task SearchAsync(Known known, byte[] client, byte[]? claimed)
    {
        var said = known.Said; // what a source that fails has said before
        try
        {
            using var limit = new CancellationTokenSource(options.SourceTimeout, time);
            var query = new TierQuery(Encoding.UTF8.GetString(client), claimed is null ? null : Encoding.UTF8.GetString(claimed));
            var found = await options.Source!.FindAsync(query, limit.Token).AsTask().WaitAsync(limit.Token).ConfigureAwait(false); // asked only where there is one
            said = new Said(found, GoodUntil());
        }
        catch (Exception e)
        {
            failed(e); // a user's code, or too late: nothing new is known

            // It is asked again by the next request of a client that it never told of, and after the usual time by others.
            said = said is null ? null : new Said(said.Assignment, GoodUntil());
        }

        lock (_lock)
        {
            known.Said = said;
            known.Search = null;
        }
    }

    private long GoodUntil() => time.GetTimestamp() + (long)(options.SourceCacheTime.TotalSeconds * time.TimestampFrequency);

    private sealed class Known(string key)
    {
        private volatile Said? _said;

        public string Key => key;

        /// <summary>What the source said last; null where it never answered.</summary>
        public Said? Said
        {
            get => _said;
            set => _said = value;
        }

        /// <summary>The search that is under way.</summary>
        public Task? Search { get; set; }
    }

    /// <summary>An answer of the source.</summary>
    /// <param name="assignment">What it said; null for no tier.</param>
    /// <param name="goodUntil">Until when it is believed.</param>
    private sealed class Said(TierAssignment? assignment, long goodUntil)
    {
        private volatile Made? _made;

        public TierAssignment? Assignment => assignment;

        public long GoodUntil => goodUntil;

        /// <summary>The tier as a configuration has it now, made once for each that the configuration has.</summary>
        public TierPlan? PlanIn(TierPlans plans)
        {
            if (assignment is null || plans.Find(assignment.Tier) is not { } basis)
            {
                return null;
            }

            var made = _made;
            if (made is null || made.Basis != basis)
            {
                var plan = basis.With(assignment.Limits);
                _made = made = new Made(basis, assignment.Anchor is { } anchor ? plan.With(anchor) : plan);
            }

            return made.Plan;
        }

        private sealed record Made(TierPlan Basis, TierPlan Plan);
    }
}
