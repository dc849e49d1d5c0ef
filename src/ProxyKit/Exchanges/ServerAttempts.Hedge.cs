using ProxyKit.Backends;
using ProxyKit.Rules;

namespace ProxyKit.Exchanges;

/// <summary>An attempt beside another one, at another server, and what becomes of the two.</summary>
internal sealed partial class ServerAttempts
{
    /// <summary>Whether something ties the request to its server, so that no other is asked beside it.</summary>
    public bool IsTied => _isBound || Direction.IsDirect || Direction.IsForced;

    /// <summary>Chooses a server that has none of the request's attempts yet, and takes a slot there; only one that is free at once, since who waits already comes
    /// first.</summary>
    /// <param name="path">What with.</param>
    /// <param name="target">The backend.</param>
    /// <param name="context">What is known about the request.</param>
    /// <param name="taken">The servers that have an attempt.</param>
    public bool TryPickAnother(DataPath path, BackendPolicy target, RuleContext context, List<Server> taken)
    {
        (_path, _target, _exchange) = (path, target, context.Exchange);
        var candidates = target.Backend.Candidates;
        if (candidates.IsFallback || candidates.Servers.Length <= taken.Count || target.Queue.WaitingForAny > 0)
        {
            return false;
        }

        // Strategies avoid one server, and may come to another that has its attempt already.
        for (var tries = 0; tries <= taken.Count; tries++)
        {
            if (target.Backend.Pick(candidates, context, taken[^1]) is not { } picked)
            {
                return false;
            }

            if (!taken.Contains(picked))
            {
                if (!picked.State.TryEnter())
                {
                    return false;
                }

                (Server, _isBalanced) = (picked, true);
                Begin(PickStatus.Picked);
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes the place of the attempt under way, which has come to nothing, with another that was made beside it.</summary>
    public void TakeOver(ServerAttempts other)
    {
        GiveBack();
        EndRetry();
        (Server, Last, PickedAt) = (other.Server, other.Last ?? Last, other.PickedAt);
        (_generation, _entered, _isReported) = (other._generation, other._entered, other._isReported);
        other._entered = false;
        ConnectError = Transport.TransportError.None; // it has answered
        SentAt = 0;
        Retries++; // it was sent once more, and another server than the first has answered: so the log says
        Redispatched = true;
        List();
    }
}
