using ProxyKit.Backends;

namespace ProxyKit.Balancing;

/// <summary>Goes through the places of a map, over and over.</summary>
internal sealed class MapWalk
{
    private readonly Lock _lock = new(); // guards _index
    private int _index;

    /// <summary>The next server that has room; the one to avoid when there is no other; null when all are full.</summary>
    public Server? Next(ServerMap map, Server? avoid)
    {
        Server? avoided = null;
        lock (_lock)
        {
            var index = _index < map.Length ? _index : 0;
            for (var i = 0; i < map.Length; i++)
            {
                var server = map[index];
                index = index + 1 < map.Length ? index + 1 : 0;
                if (!server.HasRoom)
                {
                    continue;
                }

                if (server != avoid)
                {
                    _index = index;
                    return server;
                }

                avoided = server;
            }

            _index = index;
            return avoided;
        }
    }
}
