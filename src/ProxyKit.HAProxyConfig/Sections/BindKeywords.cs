using System.Globalization;
using ProxyKit.Transport;

namespace ProxyKit.HAProxyConfig.Sections;

/// <summary>The parameters of <c>bind</c> lines, TLS apart.</summary>
internal static class BindKeywords
{
    /// <summary>Why sockets are in no namespace of their own.</summary>
    public const string OneNamespace = ".NET opens sockets where the process is: run it there, by 'ip netns exec' say";

    /// <summary>Why no segment is signed.</summary>
    public const string NoSignatures = ".NET signs no segments of TCP (RFC 2385), which is for routers: use TLS";

    public static IEnumerable<Keyword> All =>
    [
        Runs("name", "<name>", static s => s.Bind.Name = s[0]),
        Runs("id", "<id>", static s =>
        {
            if (s.Bind.Addresses.Count > 1)
            {
                s.Alert("'bind' : 'id' can only be used with a single socket.");
            }
            else if (s.TryInteger(0, 1, int.MaxValue, out var id))
            {
                s.Bind.Id = id;
            }
        }),
        Runs("backlog", "<conns>", static s =>
        {
            if (s.TryInteger(0, 1, int.MaxValue, out var count))
            {
                s.Bind.Backlog = count;
            }
        }),
        Runs("maxconn", "<conns>", static s =>
        {
            if (s.TryInteger(0, 1, int.MaxValue, out var count))
            {
                s.Bind.MaxConnections = count;
            }
        }),
        Runs("accept-proxy", "", static s => s.Bind.AcceptsProxyProtocol = true),
        Runs("accept-netscaler-cip", "<magic>", NetScalerMagic),
        Runs("interface", "<interface>", static s => s.Bind.Interface = s[0]),
        Runs("v4v6", "", static s => s.Bind.TakesIPv4 = true),
        Runs("v6only", "", static s => s.Bind.TakesIPv4 = false),
        Runs("tcp-ss", "<mode>", static s =>
        {
            if (s.TryChoice(0, out var what, ("0", SavedPacket.None), ("1", SavedPacket.FromIP), ("2", SavedPacket.FromLink)))
            {
                s.Bind.SavedPacket = what;
            }
        }),
        Runs("proto", "<name>", static s => Protocol(s)),
        .. Accepted("the transport sets what its sockets need", ("cc", "<algorithm>"), ("defer-accept", ""), ("mss", "<maxseg>"), ("tcp-ut", "<delay>"), ("tfo", "")),
        .. Accepted("the .NET thread pool shares out the work", ("nice", "<nice>"), ("process", "<set>"), ("shards", "<number>"), ("thread", "<set>")),
        .. Accepted("it is about HTTP/2, which clients do not speak", ("idle-ping", "<delay>")),
        .. Accepted("it is about QUIC, which clients do not speak", ("quic-cc-algo", "<algorithm>"), ("quic-force-retry", ""), ("quic-socket", "<mode>")),
        .. Accepted("nothing refers to it yet", ("guid-prefix", "<name>"), ("label", "<name>")),
        .. UnixSocketKeywords.OfBind,
        Runs("transparent", "", static s => s.Bind.IsTransparent = true),
        .. Refused("it is about the stats socket, which comes with a later version", ("expose-fd", "<what>"), ("level", "<level>"), ("severity-output", "<format>")),
        .. Refused(TlsKeywords.NoKernel, ("ktls", "<on|off>")),
        .. Refused(OneNamespace, ("namespace", "<name>")),
        .. Refused("it is about connections that servers open, which speak HTTP/2", ("nbconn", "<n>")),
        .. Refused(NoSignatures, ("tcp-md5sig", "<password>")),
    ];

    private static Keyword Runs(string name, string arguments, Action<Statement> run) => Keyword.Runs(name, Section.Bind, arguments, run);

    private static IEnumerable<Keyword> Accepted(string note, params (string Name, string Arguments)[] keywords) =>
        keywords.Select(k => Keyword.Accepted(k.Name, Section.Bind, k.Arguments, note));

    private static IEnumerable<Keyword> Refused(string? note, params (string Name, string Arguments)[] keywords) =>
        keywords.Select(k => Keyword.Refused(k.Name, Section.Bind, k.Arguments, note));

    private static void NetScalerMagic(Statement s)
    {
        if (long.TryParse(s[0], NumberStyles.None, CultureInfo.InvariantCulture, out var magic) && magic is > 0 and <= uint.MaxValue)
        {
            s.Bind.NetScalerMagic = magic;
        }
        else
        {
            s.Alert(0, $"'{s.Name}' expects a number from 1 to {uint.MaxValue} (got '{s[0]}').");
        }
    }

    private static void Protocol(Statement s)
    {
        if (s[0] != "h1")
        {
            s.Alert(0, $"'proto {s[0]}' is not supported yet: clients speak HTTP/1.");
        }
    }
}
