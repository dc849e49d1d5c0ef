namespace ProxyKit.StickTables;

/// <summary>The list of entries by last use: who leaves next, and who has expired.</summary>
internal sealed partial class StickTable
{
    private const int MostMovedAtOnce = 64;
    private const int MostStepsOfARequest = 64;
    private const int MostPassed = 64;

    /// <summary>The entry at the old end, once those that were used since they took their place have been put back in it.</summary>
    private StickEntry? NextToLeave()
    {
        lock (_lock)
        {
            for (var moved = 0; _oldest is { } entry;)
            {
                if (entry.IsRetired)
                {
                    Unlink(entry); // another thread takes it out, and has not come to the list yet
                }
                else if (entry.Uses > 0)
                {
                    SetAside(entry);
                }
                else if (entry.UsedAt <= entry.PlacedAt || moved++ == MostPurgedAtOnce)
                {
                    return entry;
                }
                else
                {
                    Unlink(entry);
                    Insert(entry);
                }
            }

            return null;
        }
    }

    /// <summary>Takes out those that have expired, until so many steps were taken: one that is taken out is one, and so is one that is met and was used
    /// meanwhile.</summary>
    private void Sweep(int mostSteps)
    {
        var now = Now;
        for (var steps = 0; _expire > 0 && steps < mostSteps;)
        {
            var moved = SweepOnce(now, Math.Min(MostMovedAtOnce, mostSteps - steps), out var expired);
            steps += expired is null ? moved : moved + 1;
            if (expired is null ? moved < MostMovedAtOnce : !Remove(expired) && !expired.IsRetired)
            {
                return; // what was taken into use this moment is met again by the next sweep
            }
        }
    }

    /// <summary>Looks for an entry that has expired, in one hold of the lock, and so past few others.</summary>
    /// <returns>How many of those were given their places, or were set aside.</returns>
    private int SweepOnce(long now, int mostMoves, out StickEntry? expired)
    {
        expired = null;
        var moved = 0;
        lock (_lock)
        {
            while (moved < mostMoves && _oldest is { } entry && entry.PlacedAt + _expire <= now)
            {
                if (entry.IsRetired)
                {
                    Unlink(entry); // taken out by another thread
                }
                else if (entry.Uses > 0)
                {
                    SetAside(entry);
                    moved++;
                }
                else if (HasExpired(entry, now))
                {
                    expired = entry;
                    break;
                }
                else
                {
                    Unlink(entry);
                    Insert(entry);
                    moved++;
                }
            }
        }

        return moved;
    }

    private void SetAside(StickEntry entry)
    {
        Unlink(entry);
        entry.IsAside = true;
        Interlocked.MemoryBarrier(); // either this sees that the last use has ended, or who ends it sees the mark
        if (entry is { Uses: 0, IsRetired: false })
        {
            entry.IsAside = false;
            Insert(entry);
        }
    }

    /// <summary>Gives an entry its place by its last use, behind those that were used before it. It looks for that from the new end, and not past
    /// <see cref="MostPassed"/> others: behind so many it is late, and the list stays in order.</summary>
    private void Insert(StickEntry entry)
    {
        var usedAt = entry.UsedAt;
        var before = _newest;
        for (var passed = 0; before?.PlacedAt > usedAt && passed < MostPassed; passed++)
        {
            before = before.Previous;
        }

        entry.PlacedAt = Math.Max(usedAt, before?.PlacedAt ?? 0);
        entry.Previous = before;
        entry.Next = before is null ? _oldest : before.Next;
        _ = before is null ? _oldest = entry : before.Next = entry;
        _ = entry.Next is null ? _newest = entry : entry.Next.Previous = entry;
    }

    private void Unlink(StickEntry entry)
    {
        if (entry.Previous is null && entry.Next is null && _oldest != entry)
        {
            return; // not in it: set aside, or met there once it had left the table
        }

        _ = entry.Previous is null ? _oldest = entry.Next : entry.Previous.Next = entry.Next;
        _ = entry.Next is null ? _newest = entry.Previous : entry.Next.Previous = entry.Previous;
        entry.Next = entry.Previous = null;
    }
}
