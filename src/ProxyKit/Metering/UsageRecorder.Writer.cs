using System.Runtime.InteropServices;

namespace ProxyKit.Metering;

/// <summary>The writer's thread. It waits for disks and databases, which a thread of the pool's must not.</summary>
internal sealed partial class UsageRecorder
{
    private const int AttemptsAtEnd = 3;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private void Run()
    {
        var batches = new List<UsageBatch>();
        var work = new List<(Action Work, TaskCompletionSource Done)>();
        var room = new List<UsageTicket>();
        bool ends;
        do
        {
            _wake.WaitOne();
            Interlocked.Exchange(ref _isWoken, 0); // before the lanes are looked at
            lock (_lock)
            {
                ends = _isClosing != 0;
                work.AddRange(_work);
                _work.Clear();
                room.AddRange(_awaitingRoom);
                _awaitingRoom.Clear();
            }

            foreach (var lane in _lanes)
            {
                if (lane.Take() is { } batch)
                {
                    batches.Add(batch);
                }
            }

            TellAll(room, isSafe: true); // what was taken left room
            room.Clear();
            if (batches.Count > 0)
            {
                Write(batches, work);
                batches.Clear();
            }

            Do(work);
            work.Clear();
        }
        while (!ends);

        foreach (var lane in _lanes)
        {
            if (lane.Close() is { } batch)
            {
                batches.Add(batch); // came after the last look
            }
        }

        if (batches.Count > 0)
        {
            Write(batches, work);
        }

        lock (_lock)
        {
            _isEnded = true;
            room.AddRange(_awaitingRoom);
        }

        TellAll(room, isSafe: false);
        _sink.Dispose();
        _ended.SetResult();
    }

    /// <summary>Writes until it has gone well, or the recorder ends.</summary>
    /// <param name="batches">The events.</param>
    /// <param name="work">What is to be done behind them; given up, and removed, where they cannot be written at once.</param>
    private void Write(List<UsageBatch> batches, List<(Action Work, TaskCompletionSource Done)> work)
    {
        var events = 0L;
        foreach (var batch in batches)
        {
            events += batch.Count;
        }

        for (var attemptsAtEnd = 0; ;)
        {
            try
            {
                _sink.Write(CollectionsMarshal.AsSpan(batches));
                break;
            }
            catch (Exception e) // a disk, a database, a user's code: whatever it is, the events stay and are tried again
            {
                if (!_isFailing)
                {
                    _isFailing = true;
                    _log.StoreFailed(e, Name);
                }

                GiveUp(work);
                TellNobodyWaits(batches);
                if (Volatile.Read(ref _isClosing) != 0 && ++attemptsAtEnd >= AttemptsAtEnd)
                {
                    Interlocked.Add(ref _lost, events);
                    _log.EventsLost(Name, Lost);
                    return;
                }
            }

            if (Volatile.Read(ref _isClosing) == 0)
            {
                _retryTimer.Change(RetryDelay, Timeout.InfiniteTimeSpan);
                _retry.WaitOne();
                DismissWaiting();
            }
        }

        Volatile.Write(ref _written, _written + events);
        if (_isFailing)
        {
            _isFailing = false;
            _log.StoreRecovered(Name, TurnedAway);
        }

        foreach (var batch in batches)
        {
            TellAll(batch.Waiting, isSafe: true);
        }
    }

    /// <summary>Those who wait for events that cannot be written now are told so: their clients get no answer that was not kept.</summary>
    private void TellNobodyWaits(List<UsageBatch> batches)
    {
        foreach (var batch in batches)
        {
            TellAll(batch.Waiting, isSafe: false);
            batch.Waiting.Clear();
        }

        DismissWaiting();
    }

    /// <summary>Nobody waits for anything while the store fails.</summary>
    private void DismissWaiting()
    {
        foreach (var lane in _lanes)
        {
            TellAll(lane.TakeWaiting(), isSafe: false);
        }

        List<UsageTicket> room;
        List<(Action Work, TaskCompletionSource Done)> work;
        lock (_lock)
        {
            room = [.. _awaitingRoom];
            _awaitingRoom.Clear();
            work = [.. _work];
            _work.Clear();
        }

        TellAll(room, isSafe: false);
        GiveUp(work);
    }

    private void GiveUp(List<(Action Work, TaskCompletionSource Done)> work)
    {
        foreach (var (_, done) in work)
        {
            done.SetException(new IOException($"{Name} cannot be written; the events are kept and tried again."));
        }

        work.Clear();
    }

    private static void TellAll(List<UsageTicket> tickets, bool isSafe)
    {
        foreach (var ticket in tickets)
        {
            ticket.Tell(isSafe);
        }
    }

    private static void Do(List<(Action Work, TaskCompletionSource Done)> all)
    {
        foreach (var (work, done) in all)
        {
            try
            {
                work();
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e); // told where it is waited for
            }
        }
    }
}
