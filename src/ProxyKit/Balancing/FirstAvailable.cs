using ProxyKit.Backends;

namespace ProxyKit.Balancing;

/// <summary>The first server by number that has room, so that those behind it may sleep. Without limits that is always the same one; weights do
/// not count.</summary>
internal sealed class FirstAvailable : IBalancingStrategy
{
    private readonly Lock _buildLock = new(); // held by who makes _board anew: one does, the others need it as well
    private RoomBoard? _board;

    public Server? Pick(in BalancingContext context)
    {
        var board = Volatile.Read(ref _board);
        if (board is null || board.Set != context.Set || board.IsStale)
        {
            board = BoardOf(context.Set);
        }

        return board.First(context.Avoid);
    }

    private RoomBoard BoardOf(CandidateSet set)
    {
        lock (_buildLock)
        {
            if (_board is not { IsStale: false } board || board.Set != set)
            {
                Volatile.Write(ref _board, board = new RoomBoard(set));
            }

            return board;
        }
    }
}
