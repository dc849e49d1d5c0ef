using ProxyKit.Http1;
using ProxyKit.Transport;

namespace ProxyKit.Backends;

/// <summary>
/// The idle connections to one server. The last one in is the first one out, so that a quiet time lets the others age. Those that have carried
/// one request only and those that have proved reusable by carrying more are kept apart, since reuse policies tell them apart.
/// </summary>
/// <remarks>While a connection is idle it is watched: whatever comes then, data or the end, closes it.</remarks>
internal sealed class IdleConnections : IDataWatcher, IDisposable
{
    private readonly Lock _lock = new(); // guards _fresh, _proved, _closed, _mostUsed, _averageUse
    private readonly List<Http1Upstream> _fresh = [], _proved = [];
    private readonly int? _most;
    private readonly ITimer? _purge;
    private bool _closed;
    private int _mostUsed;
    private int _averageUse;

    public IdleConnections(int? most, TimeSpan purgeInterval, TimeProvider time)
    {
        _most = purgeInterval <= TimeSpan.Zero ? 0 : most;
        if (_most != 0)
        {
            _purge = time.CreateTimer(static pool => ((IdleConnections)pool!).Purge(), this, purgeInterval, purgeInterval);
        }
    }

    /// <summary>How many may be kept; null for no limit.</summary>
    public int? Most => _most;

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _fresh.Count + _proved.Count;
            }
        }
    }

    /// <summary>Notes how many connections were in use at once, which the purge keeps room for.</summary>
    public void NoteUse(int active)
    {
        var most = Volatile.Read(ref _mostUsed);
        while (active > most)
        {
            var seen = Interlocked.CompareExchange(ref _mostUsed, active, most);
            most = seen == most ? active : seen;
        }
    }

    /// <summary>Takes an idle connection for another request.</summary>
    /// <param name="order">Which ones may be taken, and in which order.</param>
    /// <param name="name">The name that its pool must have; empty for none.</param>
    public Http1Upstream? TryTake(TakeOrder order, ReadOnlySpan<byte> name)
    {
        while (true)
        {
            Http1Upstream? upstream;
            lock (_lock)
            {
                upstream = order switch
                {
                    TakeOrder.FreshFirst => Pop(_fresh, name) ?? Pop(_proved, name),
                    TakeOrder.ProvedFirst => Pop(_proved, name) ?? Pop(_fresh, name),
                    _ => Pop(_proved, name),
                };
            }

            if (upstream is null || !upstream.IsSpoilt())
            {
                return upstream;
            }

            upstream.Dispose(); // the server closed it a moment ago; its watcher finds it gone from here
        }
    }

    /// <summary>Keeps a connection that has carried its request to the end, or closes it where it cannot be kept.</summary>
    public void Add(Http1Upstream upstream)
    {
        // Watched before others can take it: only its owner may start a wait.
        if (!upstream.Connection.Watch(this))
        {
            upstream.Dispose();
            return;
        }

        var kept = false;
        Http1Upstream? oldest = null;
        lock (_lock)
        {
            // More than were in use at once lately would only wait for the purge; and where each client brings a first request that
            // may not reuse any, they would pile up until then.
            // A quarter more, since a client's next request may come before its last one has given its connection back.
            var used = Math.Max(Volatile.Read(ref _mostUsed), _averageUse);
            var need = used + (used / 4) + 1;
            var most = Math.Min(need, _most ?? int.MaxValue);
            var isFull = _fresh.Count + _proved.Count >= most;
            if (isFull && upstream.PoolName is not null && most > 0)
            {
                oldest = TakeOldest(); // those for names that nobody asks for any more would keep the others out
                isFull = oldest is null;
            }

            if (!_closed && !isFull)
            {
                (upstream.Uses > 1 ? _proved : _fresh).Add(upstream);
                kept = true;
            }
        }

        oldest?.Dispose();
        if (!kept)
        {
            upstream.Dispose();
        }
        else if (upstream.Connection.HasUnaskedData)
        {
            OnDataAvailable(upstream.Connection); // it came before the list knew the connection
        }
    }

    /// <summary>Something came on an idle connection. Nothing may: the connection is of no use any more.</summary>
    public void OnDataAvailable(Connection connection)
    {
        if (!connection.HasUnaskedData)
        {
            return; // told late of what an exchange has received meanwhile
        }

        Http1Upstream? signalled;
        lock (_lock)
        {
            signalled = Remove(_fresh, connection) ?? Remove(_proved, connection);
        }

        if (signalled is null)
        {
            return; // an exchange took it meanwhile, which will see for itself
        }

        if (signalled.IsSpoilt())
        {
            signalled.Dispose();
        }
        else
        {
            Add(signalled);
        }
    }

    /// <summary>Closes one, the longest idle of those that have proved the least.</summary>
    /// <returns>Whether there was one.</returns>
    public bool TryCloseOne()
    {
        Http1Upstream? upstream;
        lock (_lock)
        {
            upstream = TakeOldest();
        }

        upstream?.Dispose();
        return upstream is not null;
    }

    /// <summary>Closes those that are idle now.</summary>
    public void CloseAll() => Close(forGood: false);

    /// <summary>Closes all, and from now on those that come back.</summary>
    public void Dispose()
    {
        _purge?.Dispose();
        Close(forGood: true);
    }

    private void Close(bool forGood)
    {
        Http1Upstream[] all;
        lock (_lock)
        {
            _closed |= forGood;
            all = [.. _fresh, .. _proved];
            _fresh.Clear();
            _proved.Clear();
        }

        foreach (var upstream in all)
        {
            upstream.Dispose();
        }
    }

    /// <summary>Takes the longest idle of those that have proved the least out; null where there is none.</summary>
    private Http1Upstream? TakeOldest()
    {
        var list = _fresh.Count > 0 ? _fresh : _proved;
        if (list.Count == 0)
        {
            return null;
        }

        var oldest = list[0];
        list.RemoveAt(0);
        return oldest;
    }

    /// <summary>Takes the last one for a name out: for most servers there is one name, so that it is the last.</summary>
    private static Http1Upstream? Pop(List<Http1Upstream> list, ReadOnlySpan<byte> name)
    {
        for (var i = list.Count - 1; i >= 0; i--)
        {
            if (list[i].PoolName.AsSpan().SequenceEqual(name))
            {
                var last = list[i];
                list.RemoveAt(i);
                return last;
            }
        }

        return null;
    }

    private static Http1Upstream? Remove(List<Http1Upstream> list, Connection connection)
    {
        for (var i = list.Count - 1; i >= 0; i--)
        {
            if (list[i].Connection == connection)
            {
                var upstream = list[i];
                list.RemoveAt(i);
                return upstream;
            }
        }

        return null;
    }

    /// <summary>Closes half of what is idle beyond recent need, the longest idle first. HAProxy: <c>pool-purge-delay</c>.</summary>
    private void Purge()
    {
        List<Http1Upstream>? excess = null;
        lock (_lock)
        {
            var most = Interlocked.Exchange(ref _mostUsed, 0);
            _averageUse = most >= _averageUse ? most : (_averageUse + most) / 2;
            var surplus = _fresh.Count + _proved.Count - _averageUse;
            for (var toClose = (surplus + 1) / 2; toClose > 0; toClose--)
            {
                (excess ??= []).Add(TakeOldest()!); // no more than there are
            }
        }

        if (excess is not null)
        {
            foreach (var upstream in excess)
            {
                upstream.Dispose();
            }
        }
    }
}

/// <summary>Which idle connections a request may use.</summary>
internal enum TakeOrder
{
    /// <summary>Any; those used once come first, and prove themselves by it.</summary>
    FreshFirst,

    /// <summary>Any; the proved ones come first.</summary>
    ProvedFirst,

    /// <summary>Only those that have carried two requests or more.</summary>
    ProvedOnly,
}
