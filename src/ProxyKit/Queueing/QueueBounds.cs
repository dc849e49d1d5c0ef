using ProxyKit.Backends;

namespace ProxyKit.Queueing;

/// <summary>Who may not wait: for want of a place, or of time. Guarded by the queue's lock.</summary>
internal sealed class QueueBounds(BackendState backend, QueueLists lists)
{
    private readonly LateWaiters _late = new();

    /// <summary>Whether there is place and time for a newcomer, who is in its list. Where there is none, another one may have to go.</summary>
    public bool Admits(Waiter waiter, long now, ref EndedWaits ended, out QueueOutcome outcome)
    {
        outcome = QueueOutcome.ServerFull;
        if (waiter.Server is { Current.MaxQueue: > 0 and var most } server && server.Queued > most)
        {
            return false;
        }

        outcome = QueueOutcome.Refused;
        if (backend.Current is { MaxQueued: { } limit } && lists.Waiting > limit)
        {
            var victim = ChooseVictim(waiter);
            if (victim == waiter)
            {
                return false;
            }

            lists.End(victim, QueueOutcome.Refused, now, ref ended);
        }

        if (backend.Current is not { DropsLate: true })
        {
            return true;
        }

        DropLate(now, ref ended);
        return waiter.List is not { } list || !LateWaiters.IsLate(waiter, list.CountBefore(waiter.Ticket) - 1, list.Rate.Read(now), now);
    }

    /// <summary>Ends the waits that cannot end in time.</summary>
    public void DropLate(long now, ref EndedWaits ended)
    {
        if (backend.Current is not { DropsLate: true } || !_late.IsDue(now, lists.Waiting + lists.Own.Count))
        {
            return;
        }

        _late.Find(lists.Common, now);
        foreach (var list in lists.Own.Values)
        {
            _late.Find(list, now);
        }

        foreach (var waiter in _late.Found)
        {
            lists.End(waiter, QueueOutcome.TimedOut, now, ref ended);
        }

        _late.Clear();
    }

    /// <summary>Who has to go when the queues are full: the last of the worst class, and in it of the key that most wait with, so that whoever sends
    /// the most is refused first and cannot keep others out by filling the queue. The newcomer where nobody else has to.</summary>
    private Waiter ChooseVictim(Waiter newcomer)
    {
        var worst = lists.Worst!.Lanes[^1]; // the newcomer is in a list, and lanes in lists have members
        var longest = worst.Longest!;
        return worst.Class > newcomer.Ticket.Class || longest.Count > newcomer.Flow!.Count ? longest.Last! : newcomer;
    }
}
