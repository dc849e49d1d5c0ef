using ProxyKit.Backends;
using ProxyKit.StickTables;

namespace ProxyKit.Stickiness;

/// <summary>What the entries of a stick table mean to one backend: which server each names, and what names each of its servers. Immutable.</summary>
/// <remarks>Entries name a server by a key (its name or its address), which goes first, and by its number. Backends that share a table understand
/// each other by either. The number of a server that no backend has any more says nothing: another one may have it since.</remarks>
internal sealed class StickTargets
{
    private const long NoKey = 0;

    private readonly int _numberSlot, _keySlot;
    private readonly Dictionary<long, Server> _byNumber = [];
    private readonly Dictionary<long, Server> _byKey = [];
    private readonly Dictionary<Server, (long Number, long Key)> _names = [];
    private readonly HashSet<long> _keysOfOthers = [];

    /// <param name="table">The table.</param>
    /// <param name="servers">The backend's servers.</param>
    /// <param name="others">Those of the other backends that have the table learn.</param>
    public StickTargets(StickTable table, Server[] servers, IEnumerable<Server>? others = null)
    {
        Table = table;
        if (!table.Layout.TryFind(StickDataType.ServerId, 0, out _numberSlot, out _) || !table.Layout.TryFind(StickDataType.ServerKey, 0, out _keySlot, out _))
        {
            throw new InvalidOperationException($"Stick table '{table.Name}' keeps no servers."); // those that rules stick to do
        }

        foreach (var server in servers)
        {
            var key = KeyOf(server);
            _byNumber.TryAdd(server.Id, server);
            _byKey.TryAdd(key, server); // of several at one address the first
            _names[server] = (server.Id, key);
        }

        _keysOfOthers.UnionWith((others ?? []).Select(KeyOf));
    }

    public StickTable Table { get; }

    /// <summary>The server that a key belongs to; null for none. A key that is found stays for longer.</summary>
    public Server? Find(ReadOnlySpan<byte> key)
    {
        if (!Table.TryFind(key, out var entry))
        {
            return null;
        }

        entry.Touch(Table.Now);
        var its = entry.Value(_keySlot);
        if (!_byKey.TryGetValue(its, out var server) && (its == NoKey || _keysOfOthers.Contains(its)))
        {
            server = _byNumber.GetValueOrDefault(entry.Value(_numberSlot));
        }

        entry.Leave();
        return server;
    }

    /// <summary>Has a key belong to a server from now on, unless the table is full.</summary>
    public void Learn(ReadOnlySpan<byte> key, Server server)
    {
        if (_names.TryGetValue(server, out var names) && Table.TryFindOrAdd(key, out var entry))
        {
            entry.SetValue(_numberSlot, names.Number);
            entry.SetValue(_keySlot, names.Key);
            entry.Leave();
        }
    }

    private long KeyOf(Server server) => Table.NumberOf(Table.ServerKey == StickServerKey.Name ? server.Name : $"{server.ConnectOptions.EndPoint}");
}
