using System.Diagnostics;

namespace ProxyKit.Tiers;

/// <summary>A part of the table of clients: places, and at each the clients whose hash leads there. Doubles its places as half of them fill.</summary>
internal sealed class ClientPart
{
    private const int FirstPlaces = 16;
    private const int LookedAtForRoom = 16; // clients, of which the one unused for longest makes room

    private ClientCounters?[] _places = new ClientCounters?[FirstPlaces];
    private int _count;
    private ClientCounters? _changed; // a stack of those whose counts have changed, where somebody keeps them
    private int _hand; // the place that is looked at next for clients that may leave

    /// <summary>Guards everything of the part and of its clients.</summary>
    public Lock Lock { get; } = new();

    /// <summary>The limiters of those that have left.</summary>
    public LeftLimiters Left { get; } = new();

    /// <summary>How many there are; a guess for those who do not hold the lock.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether there is nobody; a guess as well.</summary>
    public bool IsEmpty => Count == 0;

    public ClientCounters? Find(ReadOnlySpan<byte> key, int hash)
    {
        var client = _places[hash & (_places.Length - 1)];
        while (client is not null && (client.Hash != hash || !key.SequenceEqual(client.Key)))
        {
            client = client.Next;
        }

        return client;
    }

    public void Add(ClientCounters client)
    {
        if (_count >= _places.Length / 2) // each client that is passed on the way to another is a wait for memory
        {
            Grow();
        }

        _count++;
        Place(client);
    }

    public IEnumerable<ClientCounters> All()
    {
        foreach (var first in _places)
        {
            for (var client = first; client is not null; client = client.Next)
            {
                yield return client;
            }
        }
    }

    /// <summary>Notes that a client's counts have changed.</summary>
    public void NoteChanged(ClientCounters client)
    {
        if (!client.IsListed)
        {
            (client.IsListed, client.NextChanged) = (true, _changed);
            _changed = client;
        }
    }

    /// <summary>Takes the quotas of some clients that have changed, also of those that have left since.</summary>
    /// <param name="counts">Takes them.</param>
    /// <param name="most">How many clients are looked at.</param>
    /// <param name="now">What time it is, in milliseconds of Unix time.</param>
    /// <returns>Whether there are more.</returns>
    public bool TakeChanged(List<QuotaCount> counts, int most, long now)
    {
        for (; _changed is { } client && most > 0; most--)
        {
            client.AddQuotas(counts, client.HasLess ? null : now);
            (_changed, client.NextChanged, client.IsListed, client.HasLess) = (client.NextChanged, null, false, false);
        }

        return _changed is not null;
    }

    /// <summary>Takes out all of some clients that mean nothing any more, going on where it was left the last time.</summary>
    /// <param name="now">What time it is.</param>
    /// <param name="places">How many places are looked at.</param>
    /// <returns>How many were taken out.</returns>
    public int Sweep(TierTime now, int places)
    {
        var removed = 0;
        for (var i = Math.Min(places, _places.Length); i > 0; i--)
        {
            removed += SweepPlace(NextPlace(), now);
        }

        return removed;
    }

    /// <summary>Makes room in a full table.</summary>
    /// <param name="now">What time it is.</param>
    /// <param name="anyway">Whether a client that still means something may leave too.</param>
    /// <returns>How many were taken out.</returns>
    public int MakeRoom(TierTime now, bool anyway)
    {
        ClientCounters? oldest = null;
        var (seen, removed) = (0, 0);
        for (var i = _places.Length; i > 0 && seen < LookedAtForRoom && removed == 0; i--)
        {
            var place = NextPlace();
            removed = SweepPlace(place, now);
            for (var client = _places[place]; client is not null; client = client.Next)
            {
                seen++;
                oldest = client.Holds == 0 && (oldest is null || client.UsedAt < oldest.UsedAt) ? client : oldest;
            }
        }

        if (removed > 0 || !anyway || oldest is null)
        {
            return removed;
        }

        Remove(oldest);
        return 1;
    }

    /// <summary>Takes all of them out.</summary>
    public int Clear()
    {
        var count = _count;
        foreach (var client in All())
        {
            client.End(Left);
        }

        (_places, _count) = (new ClientCounters?[FirstPlaces], 0);
        return count;
    }

    private int NextPlace()
    {
        _hand = (_hand + 1) & (_places.Length - 1);
        return _hand;
    }

    private int SweepPlace(int place, TierTime now)
    {
        var removed = 0;
        for (var client = _places[place]; client is not null; client = client.Next)
        {
            if (client.Holds == 0 && client.RestsAt <= now.Steady && client.HasRest(in now))
            {
                Remove(client);
                removed++;
            }
        }

        return removed;
    }

    private void Remove(ClientCounters client)
    {
        Debug.Assert(client.Holds == 0, "nobody holds on to what leaves");
        ref var first = ref _places[client.Hash & (_places.Length - 1)];
        if (first == client)
        {
            first = client.Next;
        }
        else
        {
            var before = first!; // the client stands at its place, behind another
            while (before.Next != client)
            {
                before = before.Next!;
            }

            before.Next = client.Next;
        }

        _count--;
        client.End(Left);
    }

    private void Grow()
    {
        var places = _places;
        _places = new ClientCounters?[places.Length * 2];
        foreach (var first in places)
        {
            var client = first;
            while (client is not null)
            {
                var next = client.Next;
                Place(client);
                client = next;
            }
        }
    }

    private void Place(ClientCounters client)
    {
        ref var first = ref _places[client.Hash & (_places.Length - 1)];
        client.Next = first;
        first = client;
    }
}
