using System.Numerics;

namespace ProxyKit.Statistics;

/// <summary>What has come to a frontend, a listener, a backend or a server, and through it, since the proxy started. Outlives configurations.</summary>
/// <remarks>
/// Counters are interlocked elsewhere. Here an exchange leaves a dozen numbers behind at once, rates and means among them, so that one short hold of a lock
/// costs less than as many interlocked writes, and whoever reads sees all of an exchange or nothing of it. What happens by itself on the way is counted without
/// the lock (<see cref="Count"/>); no event of an object is counted in both ways.
/// </remarks>
internal sealed class TrafficCounters(TimeProvider time)
{
    private readonly Lock _lock = new(); // guards all below, but for what Count and Touch write
    private readonly long[] _counts = new long[(int)TrafficEvent.FailedRewrite + 1];
    private readonly long _second = time.TimestampFrequency;
    private long _bytesIn, _bytesOut, _lastSession;
    private int _most;
    private EventRate _connections, _sessions, _requests;
    private RecentTimes _queue, _connect, _response, _total;

    /// <summary>How often something has happened.</summary>
    public long this[TrafficEvent what] => Interlocked.Read(ref _counts[(int)what]);

    /// <summary>How many sessions began in the last second. HAProxy: <c>rate</c>.</summary>
    public long SessionRate
    {
        get
        {
            lock (_lock)
            {
                return _sessions.Read(_second, time.GetTimestamp());
            }
        }
    }

    /// <summary>How many requests came in the last second. HAProxy: <c>req_rate</c>.</summary>
    public long RequestRate
    {
        get
        {
            lock (_lock)
            {
                return _requests.Read(_second, time.GetTimestamp());
            }
        }
    }

    /// <summary>Counts what happens by itself.</summary>
    public void Count(TrafficEvent what) => Interlocked.Increment(ref _counts[(int)what]);

    /// <summary>Takes back what was counted by <see cref="Count"/>, and did not come about.</summary>
    public void TakeBack(TrafficEvent what) => Interlocked.Decrement(ref _counts[(int)what]);

    /// <summary>A client connection was accepted.</summary>
    public void CountConnection(long now)
    {
        lock (_lock)
        {
            _counts[(int)TrafficEvent.Connection]++;
            _connections.Count(_second, now);
        }
    }

    /// <summary>A session began at a frontend or a listener, or something was routed to a backend.</summary>
    /// <param name="now">The time.</param>
    /// <param name="current">How many there are now.</param>
    public void CountSession(long now, int current)
    {
        lock (_lock)
        {
            _counts[(int)TrafficEvent.Session]++;
            _sessions.Count(_second, now);
            _most = Math.Max(_most, current);
        }
    }

    /// <summary>A request came to a frontend.</summary>
    public void CountRequest(long now)
    {
        lock (_lock)
        {
            _counts[(int)TrafficEvent.Request]++;
            _requests.Count(_second, now);
        }
    }

    /// <summary>A server was given work, which was counted when its slot was taken.</summary>
    /// <param name="now">The time.</param>
    /// <param name="current">How much it has now.</param>
    public void NoteWork(long now, int current)
    {
        lock (_lock)
        {
            _sessions.Count(_second, now);
            _most = Math.Max(_most, current);
        }

        Touch(now);
    }

    /// <summary>Says when the last session was.</summary>
    public void Touch(long now) => Volatile.Write(ref _lastSession, now);

    /// <summary>An exchange or a tunnel is over.</summary>
    public void End(in TrafficTally tally)
    {
        lock (_lock)
        {
            for (var left = tally.Events; left != 0; left &= left - 1)
            {
                _counts[BitOperations.TrailingZeroCount(left)]++;
            }

            _counts[(int)TrafficEvent.FailedRewrite] += tally.FailedRewrites;
            _bytesIn += tally.BytesIn;
            _bytesOut += tally.BytesOut;
            if (tally.Times is { } times)
            {
                _queue.Add(times.Queue);
                _connect.Add(times.Connect);
                _response.Add(times.Response);
                _total.Add(times.Total);
            }
        }
    }

    /// <summary>All there is, as of one moment.</summary>
    public TrafficReading Read()
    {
        var now = time.GetTimestamp();
        lock (_lock)
        {
            var last = Volatile.Read(ref _lastSession);
            return new()
            {
                Counts = [.. _counts],
                BytesIn = _bytesIn,
                BytesOut = _bytesOut,
                MostCurrent = _most,
                SinceLastSession = last == 0 ? null : time.GetElapsedTime(Math.Min(last, now), now),
                Connections = Rate(_connections),
                Sessions = Rate(_sessions),
                Requests = Rate(_requests),
                Queue = Time(_queue),
                Connect = Time(_connect),
                Response = Time(_response),
                Total = Time(_total),
            };
        }

        RateReading Rate(in EventRate rate) => new((int)rate.Read(_second, now), (int)rate.Most);

        static TimeReading Time(in RecentTimes times) => new(TimeSpan.FromMilliseconds(times.Mean), TimeSpan.FromMilliseconds(times.Longest));
    }
}
