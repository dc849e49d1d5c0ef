using System.Net;
using ProxyKit.Backends;
using ProxyKit.HAProxyConfig.Addresses;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>The parameters of servers, TLS apart.</summary>
internal static class ServerKeywords
{
    public static IEnumerable<Keyword> All =>
    [
        Runs("weight", "<weight>", static s =>
        {
            if (s.TryInteger(0, 0, 256, out var weight))
            {
                s.Server.Weight = weight;
            }
        }),
        Limit("maxconn", static (s, count) => s.MaxConnections = count),
        Limit("minconn", static (s, count) => s.MinConnections = count),
        Limit("maxqueue", static (s, count) => s.MaxQueue = count),
        Runs("strict-maxconn", "", static s => s.Server.LimitsSockets = true),
        Runs("id", "<value>", static s =>
        {
            if (!int.TryParse(s[0], out var id) || id < 1)
            {
                s.Alert(0, "'id' : custom id has to be > 0.");
                return;
            }

            s.Server.Id = id;
        }),
        Runs("guid", "<name>", Guid),
        Runs("hash-key", "{id|id32|addr|addr-port|guid}", static s =>
        {
            if (s.TryChoice(
                0,
                out var key,
                ("id", ServerHashKey.Id),
                ("id32", ServerHashKey.Id32),
                ("addr", ServerHashKey.Address),
                ("addr-port", ServerHashKey.AddressAndPort),
                ("guid", ServerHashKey.Guid)))
            {
                s.Server.HashKey = key;
            }
        }),
        Runs("slowstart", "<time>", static s =>
        {
            if (s.TryTime(0, out var time))
            {
                s.Server.SlowStart = TimeSpan.FromSeconds(Math.Ceiling(time.TotalSeconds));
            }
        }),
        Runs("backup", "", static s => s.Server.IsBackup = true),
        Runs("no-backup", "", static s => s.Server.IsBackup = false),
        Runs("source", "<addr>[:<port>]", static s =>
        {
            if (SourceAddress.TryRead(s, out var source))
            {
                (s.Server.Source, s.Server.Interface) = (source, null);
            }
        }),
        Runs("interface", "<name>", static s => s.Server.Interface = s[0]),
        Runs("socks4", "<addr>:<port>", static s =>
        {
            if (IPEndPoint.TryParse(s[0], out var proxy) && proxy.Port > 0)
            {
                s.Server.Socks4Proxy = proxy.ToString();
            }
            else
            {
                s.Alert(0, $"'{s.Name}' : needs an IP address with a port (got '{s[0]}').");
            }
        }),
        Runs("redir", "<prefix>", static s => s.Server.RedirectPrefix = s[0]),
        Runs("pool-max-conn", "<max>", static s =>
        {
            if (s.TryInteger(0, -1, int.MaxValue, out var count))
            {
                s.Server.MaxIdleConnections = count;
            }
        }),
        Runs("pool-conn-name", "<expression>", static s => s.Server.PoolName = CheckFormat.ReadExpression(s, 0) ?? s.Server.PoolName),
        Runs("pool-purge-delay", "<delay>", static s =>
        {
            if (s.TryTime(0, out var time))
            {
                s.Server.IdlePurgeInterval = time;
            }
        }),
        Runs("max-reuse", "<count>", static s =>
        {
            if (s.TryInteger(0, -1, int.MaxValue, out var count))
            {
                s.Server.MaxReuse = count;
            }
        }),
        Runs("init-addr", "{last|libc|none|<ip>}[,<method>]*", InitialAddress),
        Runs("proto", "<name>", static s =>
        {
            if (s[0] != "h1")
            {
                s.Alert(0, $"'proto {s[0]}' is not supported yet: servers are spoken to in HTTP/1.");
            }
        }),
        .. NoEffect("what it takes back is not there", "no-tfo"),
        Keyword.Accepted("pool-low-conn", Section.Server, "<max>", "connections belong to no thread"),
        Keyword.Accepted("tcp-ut", Section.Server, "<delay>", "the transport sets what its sockets need"),
        Keyword.Accepted("tfo", Section.Server, "", "the transport sets what its sockets need"),
        Keyword.Accepted("shard", Section.Server, "<shard>", "it is about peers, which are not there yet"),
    ];

    private static Keyword Runs(string name, string arguments, Action<Statement> run) => Keyword.Runs(name, Section.Server, arguments, run);

    private static Keyword Limit(string name, Action<ServerSettings, int> set) => Runs(name, $"<{name}>", s =>
    {
        if (s.TryInteger(0, 0, int.MaxValue, out var count))
        {
            set(s.Server, count);
        }
    });

    private static IEnumerable<Keyword> NoEffect(string note, params string[] names) =>
        names.Select(name => Keyword.Accepted(name, Section.Server, "", note));

    private static void Guid(Statement s)
    {
        const int Longest = 127;
        if (s[0].Length is 0 or > Longest || s[0].Any(static c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or ':' or '.')))
        {
            s.Alert(0, $"'guid' : '{s[0]}' is not valid: up to {Longest} letters, digits and - _ : . characters are.");
            return;
        }

        s.Server.Guid = s[0];
    }

    private static void InitialAddress(Statement s)
    {
        var ways = s[0].Split(',');
        foreach (var way in ways)
        {
            if (way is not ("last" or "libc" or "none") && !AddressText.TryRead(way, out _))
            {
                s.Alert(0, $"unknown init-addr method '{way}', supported methods are 'last', 'libc', 'none' and an address.");
                return;
            }
        }

        s.Server.InitialAddress = ways;
    }
}
