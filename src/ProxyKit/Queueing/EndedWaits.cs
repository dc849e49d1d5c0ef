namespace ProxyKit.Queueing;

/// <summary>Waits that have ended under the queue's lock and are to be told so once it is let go.</summary>
internal ref struct EndedWaits
{
    private Waiter? _last; // a chain, backwards

    public void Add(Waiter waiter)
    {
        waiter.NextEnded = _last;
        _last = waiter;
    }

    /// <summary>Tells all, in the order in which they were added; with no lock held.</summary>
    public void TellAll()
    {
        Waiter? next = null;
        while (_last is { } waiter)
        {
            (waiter.NextEnded, next, _last) = (next, waiter, waiter.NextEnded);
        }

        while (next is not null)
        {
            var waiter = next;
            next = waiter.NextEnded;
            waiter.NextEnded = null;
            waiter.Tell(); // from here on it is its owner's again
        }
    }
}
