using ProxyKit.Backends;

namespace ProxyKit.Balancing;

/// <summary>What the candidates of a set have to do, side by side in memory and kept up to date by the servers themselves, so that a choice among a
/// thousand reads some kilobytes in a row.</summary>
/// <remarks>
/// A change is noted by whoever made it, on any thread: it writes what the server has then, and looks again until that is still so (see
/// <see cref="Note"/>). So what was written last is right once all who made changes have noted them; until then a choice may go by a load that
/// is one off. A server tells one board at a time: another one for the same server makes this one stale, and a stale one is replaced before it is asked
/// again.
/// </remarks>
internal abstract class LoadBoard
{
    private readonly ServerState[] _states;
    private volatile bool _isStale;

    protected LoadBoard(CandidateSet set)
    {
        Set = set;
        _states = Array.ConvertAll(set.Servers, static s => s.State);
    }

    /// <summary>The candidates it is about.</summary>
    public CandidateSet Set { get; }

    /// <summary>Whether it is not told of all changes any more.</summary>
    public bool IsStale => _isStale;

    /// <summary>Has the servers tell it of changes from here on, and writes what they have, in the order that is given.</summary>
    protected void Attach(ReadOnlySpan<int> order)
    {
        foreach (var slot in order)
        {
            _states[slot].Watch(new Watch(this, slot));
            Note(slot);
        }
    }

    /// <summary>Writes the load of a server. What it writes has to be seen by all before it returns.</summary>
    protected abstract void Write(int slot, int load);

    protected void Retire() => _isStale = true;

    private void Note(int slot)
    {
        var state = _states[slot];
        int load;
        do
        {
            load = Load(state);
            Write(slot, load);
        }
        while (Load(state) != load);
    }

    protected virtual int Load(ServerState state) => state.Active;

    private sealed class Watch(LoadBoard board, int slot) : ILoadWatch
    {
        public void OnLoadChanged() => board.Note(slot);

        public void OnReplaced() => board.Retire();
    }
}
