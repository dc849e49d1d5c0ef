using System.Net;
using System.Text;

namespace ProxyKit.Rules.Formats;

/// <summary>Who talks to whom: addresses, and the names of the configuration.</summary>
internal static class PlaceAliases
{
    public static readonly FormatAlias[] All =
    [
        new("ci", static (scoped in f, ref w) => w.Address(Client(f))),
        new("cp", static (scoped in f, ref w) => w.Port(Client(f), BindNumber(f))),
        new("fi", static (scoped in f, ref w) => w.Address(f.Context.DestinationEndPoint)),
        new("fp", static (scoped in f, ref w) => w.Port(f.Context.DestinationEndPoint, BindNumber(f))),
        new("bi", static (scoped in f, ref w) => w.Address(f.Record.ServerSource)),
        new("bp", static (scoped in f, ref w) => w.Port(f.Record.ServerSource, 0)),
        new("si", static (scoped in f, ref w) => w.Address(Server(f))),
        new("sp", static (scoped in f, ref w) => w.Port(Server(f), 0)),
        new("f", static (scoped in f, ref w) => Name(ref w, f.Record.Frontend)),
        new("ft", static (scoped in f, ref w) => Name(ref w, f.Record.Frontend, f.Record.IsSecure ? "~"u8 : default)),
        new("b", static (scoped in f, ref w) => Name(ref w, f.Record.Backend)),
        new("s", static (scoped in f, ref w) => Name(ref w, f.Record.Server ?? "<NOSRV>")),
    ];

    private static EndPoint? Client(scoped in FormatFacts facts) => facts.Context.SourceEndPoint ?? facts.Record.Client;

    /// <summary>A client of a unix socket has no port; the number of the bind stands there.</summary>
    private static int BindNumber(scoped in FormatFacts facts) => Math.Max(1, facts.Context.Session.Bind.Id);

    /// <summary>The address of the server that was picked; one of a name only once it was connected to.</summary>
    private static EndPoint? Server(scoped in FormatFacts facts) =>
        facts.Record.ServerAddress ?? (facts.Record.Server is null ? null : facts.Context.Server?.ConnectOptions.EndPoint);

    private static void Name(ref FormatWriter writer, string name, ReadOnlySpan<byte> behind = default)
    {
        var longest = Encoding.UTF8.GetMaxByteCount(name.Length) + behind.Length;
        Span<byte> bytes = longest <= 256 ? stackalloc byte[256] : new byte[longest]; // a name that long is none that anybody gives
        var length = Encoding.UTF8.GetBytes(name, bytes);
        behind.CopyTo(bytes[length..]);
        writer.Text(bytes[..(length + behind.Length)]);
    }
}
