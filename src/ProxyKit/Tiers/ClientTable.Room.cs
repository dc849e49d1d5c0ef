using System.Threading.RateLimiting;

namespace ProxyKit.Tiers;

/// <summary>How many clients there may be, and who leaves.</summary>
internal sealed partial class ClientTable
{
    private const int SweptInOneHold = 1024; // places of one part
    private const int HoldsOfASweep = 4;
    private const int LetGoInOneHold = 256; // clients of one part, where there are more than may be
    private const int MostAskedInVain = 4; // parts

    private static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(10);

    private int _roomFrom; // the part that is asked next to make room

    private bool TryReserve()
    {
        if (Interlocked.Increment(ref _count) <= MaxClients)
        {
            return true;
        }

        Interlocked.Decrement(ref _count);
        return false;
    }

    /// <summary>Has one part after the other make room, until one could. Where nobody is forgotten but who means nothing any more, a few are asked and
    /// no more: whoever fills the table up is not to keep it busy as well.</summary>
    /// <returns>Whether the place of one who has left is kept for the caller: also where there are still more than may be, since that has become
    /// less.</returns>
    private bool TryMakeRoom(TierTime now)
    {
        var asked = RefusesNew ? MostAskedInVain : _parts.Length;
        for (var i = 0; i < _parts.Length && asked > 0; i++)
        {
            var part = _parts[(Interlocked.Increment(ref _roomFrom) & int.MaxValue) % _parts.Length];
            if (part.IsEmpty)
            {
                continue;
            }

            asked--;
            int removed, kept;
            lock (part.Lock)
            {
                removed = part.MakeRoom(now, !RefusesNew);
                kept = RefusesNew ? 0 : Math.Min(removed, 1);
                Interlocked.Add(ref _count, kept - removed);
            }

            if (removed > 0)
            {
                EndLeft(part);
                return kept > 0;
            }
        }

        return false;
    }

    private void Sweep()
    {
        var now = _clock.Now;
        var surplus = RefusesNew ? 0 : Math.Max(0, Count - MaxClients) / (double)Math.Max(1, Count); // where a configuration has fewer than there were
        foreach (var part in _parts)
        {
            var leaving = (int)Math.Ceiling(part.Count * surplus);
            for (var hold = 0; hold < HoldsOfASweep && !part.IsEmpty; hold++)
            {
                lock (part.Lock)
                {
                    Interlocked.Add(ref _count, -part.Sweep(now, SweptInOneHold));
                    leaving -= LetGoLocked(part, now, Math.Min(leaving, LetGoInOneHold));
                }
            }

            if (part.Left.Any)
            {
                EndLeft(part);
            }
        }
    }

    /// <summary>Lets go of some of those unused for long, as long as there are more than may be.</summary>
    /// <returns>How many.</returns>
    private int LetGoLocked(ClientPart part, TierTime now, int most)
    {
        var gone = 0;
        while (gone < most && Count > MaxClients && part.MakeRoom(now, anyway: true) is > 0 and var removed)
        {
            Interlocked.Add(ref _count, -removed);
            gone += removed;
        }

        return gone;
    }

    /// <summary>Lets go of users' limiters, with no lock held.</summary>
    private void EndLeft(ClientPart part)
    {
        List<RateLimiter>? left;
        lock (part.Lock)
        {
            left = part.Left.Take();
        }

        foreach (var limiter in left ?? [])
        {
            try
            {
                limiter.Dispose();
            }
            catch (Exception e)
            {
                _failed(e); // a user's limiter
            }
        }
    }
}
