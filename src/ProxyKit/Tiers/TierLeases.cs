namespace ProxyKit.Tiers;

/// <summary>
/// What several gateways share of their clients' limits. Each leases units of a client's limit from what they have in common, and serves
/// from the lease without asking anybody. Groups of tiers that are given this are one side; the other is one who has the common count, and answers
/// what leases run low.
/// </summary>
/// <remarks>
/// Quotas, buckets and concurrency are shared, and fixed and sliding windows of a minute and more. While what is common can be asked, all gateways together admit at most the limit and, of
/// each gateway, <see cref="Credit"/>: that is what a gateway admits beyond its lease while an answer is under way, and nothing where the last answer was that all
/// is taken. While it cannot be asked, <see cref="CreditWhileAway"/> says what each may admit; that is told and counted once it can.
/// </remarks>
public sealed class TierLeases
{
    /// <summary>How many leases of clients that were forgotten may wait to be given back: more are let go.</summary>
    private const int MostLeaving = 100_000;

    private TierLease? _wanted; // a stack, newest first; each lease is in it once at most
    private long _numbers;
    private int _leaving;
    private volatile bool _isAway = true;
    private TimeProvider _time = TimeProvider.System; // until there is a lease
    private long _awayAt; // when nobody answered first, by its timestamps

    /// <param name="credit">See <see cref="Credit"/>.</param>
    /// <param name="creditWhileAway">See <see cref="CreditWhileAway"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">One of them is not from 0 to 1.</exception>
    public TierLeases(double credit = 0.1, double creditWhileAway = 1)
    {
        ThrowUnlessPart(credit, nameof(credit));
        ThrowUnlessPart(creditWhileAway, nameof(creditWhileAway));
        (Credit, CreditWhileAway) = (credit, creditWhileAway);
    }

    /// <summary>How much of a limit a gateway may admit beyond a client's lease until it is answered: of the first requests of a period, and of those that come
    /// faster than leases are renewed.</summary>
    /// <value>0.1 by default, rounded up to whole units; 0, where a first request is refused until there is a lease, to 1.</value>
    public double Credit { get; }

    /// <summary>How much of what was left of a limit when it was last known, or of all of it in a period of which nothing is known, a gateway may admit beyond a
    /// client's lease while nobody answers.</summary>
    /// <value>1 by default: a gateway refuses only what it would refuse alone. 0 refuses what is not leased; with one part in as many as there are gateways,
    /// they stay within the limit together.</value>
    public double CreditWhileAway { get; }

    /// <summary>After how long without word of a gateway what it has under way counts no more, since it may have been killed; and how long one that hears nothing
    /// believes what it last heard others have under way.</summary>
    /// <value>30 seconds by default.</value>
    public TimeSpan ExpireAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether nobody answers at present. True until somebody says otherwise.</summary>
    public bool IsAway
    {
        get => _isAway;
        set
        {
            if (value && !_isAway)
            {
                Volatile.Write(ref _awayAt, _time.GetTimestamp());
            }

            _isAway = value;
        }
    }

    /// <summary>Whether nobody has answered for so long that what others had under way is believed no more.</summary>
    internal bool IsAwayForLong => IsAway && _time.GetElapsedTime(Volatile.Read(ref _awayAt)) > ExpireAfter;

    /// <summary>Takes the leases that run low, or are to be given back since their client was forgotten. Each has to be read and answered, or
    /// skipped, before it can come again.</summary>
    /// <param name="leases">Takes them.</param>
    public void TakeWanted(ICollection<TierLease> leases)
    {
        ArgumentNullException.ThrowIfNull(leases);
        var lease = Interlocked.Exchange(ref _wanted, null);
        while (lease is not null)
        {
            var next = lease.Next; // before it may be put in again
            lease.Next = null;
            leases.Add(lease);
            lease = next;
        }
    }

    /// <summary>What a gateway may admit of a limit beyond its lease.</summary>
    /// <param name="limit">The limit.</param>
    /// <param name="left">What was left of it at the last answer.</param>
    /// <param name="earlier">What was used of it in earlier pieces of a sliding window.</param>
    internal long CreditOf(long limit, long left, long earlier = 0) => IsAway
        ? Math.Max(0, (long)(CreditWhileAway * left) - earlier)
        : Math.Min((long)Math.Ceiling(Credit * limit), Math.Max(0, left - earlier));

    /// <summary>Goes by the clock of those who are given this; all have the same.</summary>
    internal void GoBy(TimeProvider time)
    {
        if (_time != time)
        {
            (_time, _awayAt) = (time, time.GetTimestamp());
        }
    }

    internal long NextNumber() => Interlocked.Increment(ref _numbers);

    /// <summary>Puts in a lease that is not there.</summary>
    internal void Want(TierLease lease)
    {
        TierLease? first;
        do
        {
            first = Volatile.Read(ref _wanted);
            lease.Next = first;
        }
        while (Interlocked.CompareExchange(ref _wanted, lease, first) != first);
    }

    /// <summary>Whether one more lease may wait to be given back.</summary>
    internal bool TryLeave()
    {
        if (Interlocked.Increment(ref _leaving) <= MostLeaving)
        {
            return true;
        }

        Left();
        return false;
    }

    internal void Left() => Interlocked.Decrement(ref _leaving);

    private static void ThrowUnlessPart(double part, string name)
    {
        if (!(part is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(name, part, "From 0 to 1.");
        }
    }
}
