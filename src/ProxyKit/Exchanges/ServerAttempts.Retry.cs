using ProxyKit.Backends;
using ProxyKit.Rules;
using ProxyKit.Statistics;

namespace ProxyKit.Exchanges;

/// <summary>Whether there is another attempt behind a failed one, and whether it goes elsewhere.</summary>
internal sealed partial class ServerAttempts
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    private List<Server>? _failedAt; // where retries have left a server, until there is no other one; its capacity outlives the exchange

    /// <summary>After a failure, whether there is another attempt, which is prepared then: elsewhere where that is allowed, else at the same
    /// server. Where it has refused, a pause comes before it is asked again, or the only one there is. HAProxy: a second, or <c>timeout
    /// connect</c> where that is less.</summary>
    public async ValueTask<bool> MayRetryAsync(DataPath path, Backend backend, ExchangeSettings settings, Termination failure)
    {
        if (!HasRetryLeft(backend, settings))
        {
            return false;
        }

        var (server, most) = (Server!, settings.Retries ?? backend.Retries); // or none were left

        EndRetry(); // the attempt that failed was one itself, perhaps
        if (!backend.TryBeginRetry())
        {
            return false;
        }

        _isRetry = true;
        Retries++;
        GiveBack();
        KeepsServer = !MayLeave(backend, server, most);
        if (KeepsServer)
        {
            server.State.Count(TrafficEvent.Retry);
        }
        else
        {
            (_failedAt ??= []).Add(server);
            Untie(server);
        }

        if (failure is { Cause: TerminationCause.ServerAbort, Phase: ExchangePhase.Connect } && (KeepsServer || backend.ActiveCount <= 1))
        {
            var limit = settings.ConnectTimeout ?? backend.ConnectTimeout;
            await WaitAsync(path, limit is { } time && time < LongestPause ? time : LongestPause).ConfigureAwait(false);
        }

        return !_isGivenUp;
    }

    /// <summary>Whether there may be another attempt, were it for their number and for how the last one went.</summary>
    public bool HasRetryLeft(Backend backend, ExchangeSettings settings) =>
        Server is not null && Retries < (settings.Retries ?? backend.Retries) && !_isFinal && !_isGivenUp;

    /// <summary>Whether the attempt that has just been counted may go to another server than the last one.</summary>
    private bool MayLeave(Backend backend, Server server, int most)
    {
        if (!backend.Redispatch || Direction.IsForced)
        {
            return false;
        }

        var interval = backend.RedispatchInterval;
        var every = interval > 0 ? interval : most + 1 + interval;
        return !server.State.TakesBound
            || (every > 0 && Retries % every == 0)
            || (!Direction.IsDirect && backend.ActiveCount > 1 && !backend.Strategy.WaitsForServer);
    }

    private bool HasFailedAt(Server server) => _failedAt is { Count: > 0 } failed && failed.Contains(server);

    /// <summary>For a retry, of the servers that the request has not failed at one with room, and of those the one with the least to do for its weight; null on a
    /// first attempt, and once it has failed at all of them. Such a server is waited for where it is full, as long as HAProxy pauses before it asks one again: those
    /// that fail at once are never full, and a request that went back to them would have used up its retries before the one that is well has room. HAProxy goes
    /// back to any but the last.</summary>
    private Server? FindUntried(CandidateSet candidates)
    {
        if (_failedAt is not { Count: > 0 } failed || _target!.Backend is { Strategy.WaitsForServer: true } or { PersistsWhenDown: true }) // set by the caller
        {
            return null; // a key belongs to its server; and who persists is not told when the server goes down that is waited for
        }

        Server? best = null;
        var (hasRoom, least, weight) = (false, 0L, 1L);
        for (var i = 0; i < candidates.Servers.Length; i++)
        {
            var server = candidates.Servers[i];
            var (room, load, own) = (server.HasRoom, server.ActiveRequests + server.QueuedRequests + 1L, (long)candidates.Weights[i]);
            var isBetter = best is null || (room == hasRoom ? load * weight < least * own : room);
            if (isBetter && !failed.Contains(server))
            {
                (best, hasRoom, least, weight) = (server, room, load, own);
            }
        }

        if (best is null)
        {
            failed.Clear(); // another round
        }

        return best;
    }

    /// <summary>Has the next server be chosen anew, another one than this where there is one.</summary>
    private void Untie(Server server)
    {
        KeepsServer = _isBound = false;
        _avoid = server;
        _left ??= server; // which has not been counted yet, where nobody was asked since
        Direction = Direction.Untied();
    }

    /// <summary>Counts what has become of a server that could be left.</summary>
    private void CountLeft(Server chosen)
    {
        if (_left is not { } left)
        {
            return;
        }

        _left = null;
        if (chosen == left)
        {
            left.State.Count(TrafficEvent.Retry);
        }
        else
        {
            left.State.Count(TrafficEvent.Redispatch);
            Redispatched = true;
        }
    }
}
