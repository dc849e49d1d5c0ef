using ProxyKit.Backends;
using ProxyKit.StickTables;

namespace ProxyKit.Stickiness;

/// <summary>What the entries of a stick table mean to one backend: which server each names, and what names each of its servers. Immutable.</summary>
/// <remarks>Entries name a server by a key (its name or its address), which goes first, and by its number. Backends that share a table understand
/// each other by either.</remarks>
internal sealed class StickTargets
{
    private readonly int _numberSlot, _keySlot;
    private readonly Dictionary<long, Server> _byNumber = [];
    private readonly Dictionary<long, Server> _byKey = [];
    private readonly Dictionary<Server, (long Number, long Key)> _names = [];

    public StickTargets(StickTable table, Server[] servers)
    {
        Table = table;
        if (!table.Layout.TryFind(StickDataType.ServerId, 0, out _numberSlot, out _) || !table.Layout.TryFind(StickDataType.ServerKey, 0, out _keySlot, out _))
        {
            throw new InvalidOperationException($"Stick table '{table.Name}' keeps no servers."); // those that rules stick to do
        }

        foreach (var server in servers)
        {
            var key = table.NumberOf(table.ServerKey == StickServerKey.Name ? server.Name : $"{server.ConnectOptions.EndPoint}");
            _byNumber.TryAdd(server.Id, server);
            _byKey.TryAdd(key, server); // of several at one address the first
            _names[server] = (server.Id, key);
        }
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
        var server = _byKey.GetValueOrDefault(entry.Value(_keySlot)) ?? _byNumber.GetValueOrDefault(entry.Value(_numberSlot));
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
}
