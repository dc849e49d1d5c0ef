using ProxyKit.Backends;

namespace ProxyKit.Balancing;

/// <summary>
/// The servers take turns in proportion to their weights, spread as evenly as can be: equal weights in their order, unequal ones interleaved. What
/// a change of weights or servers leaves of a turn goes on, so that a server that comes gets no burst.
/// </summary>
/// <remarks>
/// A turn is as many places as there is weight. A server that was given a place is due again the turn's length divided by its weight later, what the
/// division leaves being saved up; its next place is in <see cref="_current"/> while that lies within the turn or the one behind it, else the server
/// waits in <see cref="_next"/> for a new turn. Those that have had no place yet in this one stand in <see cref="_starting"/>, the heaviest first.
/// HAProxy chooses by the same rules, and in the same order.
/// </remarks>
internal sealed class RoundRobin : IBalancingStrategy
{
    private readonly Lock _lock = new(); // guards all that follows
    private CandidateSet? _set;
    private Turn[] _turns = [];
    private TurnHeap _starting = new(0), _current = new(0), _next = new(0);
    private int[] _aside = [];
    private long _turnWeight, _nextTurnWeight; // of the turn under way, and of all candidates as they are now
    private long _position;

    public Server? Pick(in BalancingContext context)
    {
        lock (_lock)
        {
            if (_set != context.Set)
            {
                Follow(context.Set);
            }

            return Take(context.Set.Servers, context.Avoid);
        }
    }

    private Server? Take(Server[] servers, Server? avoid)
    {
        Server? chosen = null, avoided = null;
        var aside = 0;
        while (chosen is null && TryTakeFirst(out var slot))
        {
            Advance(ref _turns[slot]);
            _position++;
            var server = servers[slot];
            if (!server.HasRoom)
            {
                _aside[aside++] = slot;
            }
            else if (server == avoid)
            {
                avoided = server;
                _aside[aside++] = slot;
            }
            else
            {
                chosen = server;
                Put(slot);
            }
        }

        while (aside > 0)
        {
            Put(_aside[--aside]);
        }

        return chosen ?? avoided;
    }

    /// <summary>Takes out the server whose place is next; a new turn begins when the last one is over. False when all are taken out.</summary>
    private bool TryTakeFirst(out int slot)
    {
        if (_current.Count == 0 && _starting.Count == 0)
        {
            if (_next.Count == 0)
            {
                slot = -1;
                return false;
            }

            (_starting, _next) = (_next, _starting);
            _position = _turnWeight = _nextTurnWeight;
        }

        if (_starting.Count > 0 && (_current.Count == 0 || _turns[_current.First].Place > _position))
        {
            slot = _starting.RemoveFirst();
            _turns[slot].Place = _turns[slot].Saved = 0;
        }
        else
        {
            slot = _current.RemoveFirst();
        }

        return true;
    }

    private void Advance(ref Turn turn)
    {
        if (turn.Place == 0)
        {
            turn.Place = _position; // its first one of this turn
        }

        turn.LastPlace = turn.Place;
        turn.Place += _nextTurnWeight / turn.Weight;
        turn.Saved += _nextTurnWeight % turn.Weight;
        if (turn.Saved >= turn.Weight)
        {
            turn.Saved -= turn.Weight;
            turn.Place++;
        }
    }

    private void Put(int slot)
    {
        const int MostWeight = 256 * ServerState.WeightScale;
        ref var turn = ref _turns[slot];
        if (turn.Place >= 2 * _turnWeight || turn.Place >= _turnWeight + _nextTurnWeight)
        {
            turn.Place -= _turnWeight;
            _next.Add(-turn.Weight, slot);
        }
        else
        {
            // By place; in the same place the heavier one first, then the one with less saved up.
            _current.Add((turn.Place * 256) + ((MostWeight + turn.Saved - turn.Weight) / ServerState.WeightScale), slot);
        }
    }

    /// <summary>Other candidates, or other weights: who stays keeps its place.</summary>
    private void Follow(CandidateSet set)
    {
        var (last, turns, count) = (_set, _turns, set.Servers.Length);
        var slots = new Dictionary<ServerState, int>(count);
        for (var i = 0; i < count; i++)
        {
            slots[set.Servers[i].State] = i;
        }

        _set = set;
        _turns = new Turn[count];
        _aside = new int[count];
        _nextTurnWeight = set.Weights.Sum(static w => (long)w);
        _turnWeight = last is null ? _nextTurnWeight : _turnWeight;
        var (starting, current, next) = (_starting, _current, _next);
        (_starting, _current, _next) = (new TurnHeap(count), new TurnHeap(count), new TurnHeap(count));
        while (TryKeep(starting, out var slot))
        {
            _starting.Add(-_turns[slot].Weight, slot);
        }

        while (TryKeep(current, out var slot))
        {
            Put(slot);
        }

        while (TryKeep(next, out var slot))
        {
            _next.Add(-_turns[slot].Weight, slot);
        }

        foreach (var slot in slots.Values.Order()) // those that were not there
        {
            ref var turn = ref _turns[slot];
            turn.Weight = set.Weights[slot];
            if (last is null)
            {
                _starting.Add(-turn.Weight, slot);
            }
            else
            {
                turn.Place = _position + ((_nextTurnWeight + _turnWeight - _position) / turn.Weight);
                Put(slot);
            }
        }

        // Takes servers out of a heap of the last set until there is one that stays.
        bool TryKeep(TurnHeap heap, out int slot)
        {
            slot = -1;
            while (heap.Count > 0)
            {
                var old = heap.RemoveFirst();
                if (slots.Remove(last!.Servers[old].State, out slot)) // a heap with something in it is of a set
                {
                    _turns[slot] = turns[old];
                    Reweigh(ref _turns[slot], set.Weights[slot]);
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>A server of another weight has its next place moved as that has it, but not into the past.</summary>
    private void Reweigh(ref Turn turn, int weight)
    {
        if (turn.Weight != weight)
        {
            turn.Weight = weight;
            turn.Saved = 0;
            turn.Place = Math.Max(turn.LastPlace + (_nextTurnWeight / weight), _position);
        }
    }

    private struct Turn
    {
        /// <summary>In sixteenths.</summary>
        public long Weight;

        /// <summary>Where it is due next; 0 for a server that has had no place in this turn.</summary>
        public long Place;

        public long LastPlace;

        /// <summary>What is left of the divisions by the weight: a place more once it is the weight.</summary>
        public long Saved;
    }
}
