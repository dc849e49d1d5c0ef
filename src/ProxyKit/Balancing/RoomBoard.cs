using ProxyKit.Backends;

namespace ProxyKit.Balancing;

/// <summary>Which of the candidates may have room, a byte for each in the order of their numbers, so that the first one of a thousand is found by comparing
/// many at once.</summary>
/// <remarks>It goes by the limit at full load. A limit that is lower at the moment, by the backend's load, a warm-up or trials, is for who picks to see: such a server is on
/// the board as one that may have room.</remarks>
internal sealed class RoomBoard : LoadBoard
{
    private const byte Full = 0;
    private const byte Room = 1;

    private readonly Server[] _servers; // by number
    private readonly int[] _ranks; // of each slot of the set: where its server is in _servers
    private readonly byte[] _rooms; // likewise by number

    public RoomBoard(CandidateSet set)
        : base(set)
    {
        int[] slots = [.. Enumerable.Range(0, set.Servers.Length).OrderBy(slot => set.Servers[slot].Id)];
        _servers = Array.ConvertAll(slots, slot => set.Servers[slot]);
        _ranks = new int[slots.Length];
        _rooms = new byte[slots.Length];
        for (var rank = 0; rank < slots.Length; rank++)
        {
            _ranks[slots[rank]] = rank;
        }

        Attach(slots);
    }

    /// <summary>The first server that has room and is another than the one to avoid; that one if only it has room; null if none has.</summary>
    /// <param name="avoid">The one to avoid; null for none.</param>
    public Server? First(Server? avoid)
    {
        Server? avoided = null;
        for (var rank = 0; Next(rank) is >= 0 and var next; rank = next + 1)
        {
            var server = _servers[next];
            if (server.HasRoom)
            {
                if (server != avoid)
                {
                    return server;
                }

                avoided = server;
            }
        }

        return avoided;

        int Next(int from) => _rooms.AsSpan(from).IndexOf(Room) is >= 0 and var at ? from + at : -1;
    }

    /// <summary>Nobody else may have a slot while somebody waits for the server: it is as full as it gets.</summary>
    protected override int Load(ServerState state) => state.Queued > 0 ? int.MaxValue : state.Active;

    protected override void Write(int slot, int load)
    {
        var rank = _ranks[slot];
        var most = _servers[rank].State.MostConnections;
        Interlocked.Exchange(ref _rooms[rank], load < most || most == 0 ? Room : Full);
    }
}
