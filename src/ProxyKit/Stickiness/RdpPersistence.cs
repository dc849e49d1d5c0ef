using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using ProxyKit.Backends;
using ProxyKit.Rules;
using ProxyKit.Rules.Expressions;
using ProxyKit.Rules.Samples;

namespace ProxyKit.Stickiness;

/// <summary>Reads the cookie of remote desktop clients that names their server: <c>address.port.0000</c>, both as numbers in network order.
/// HAProxy: <c>persist rdp-cookie</c>.</summary>
internal sealed class RdpPersistence
{
    private readonly CompiledExpression _cookie;
    private readonly Dictionary<(uint Address, ushort Port), Server[]> _servers;

    public RdpPersistence(string name, Backend backend, RuleCompiler compiler)
    {
        compiler.Stages = RuleStages.Balance;
        _cookie = Value.Parse($"req.rdp_cookie({name})").Compile(compiler);
        _servers = backend.Servers
            .Select(static s => (Server: s, EndPoint: s.ConnectOptions.EndPoint as IPEndPoint))
            .Where(static s => s.EndPoint?.AddressFamily == AddressFamily.InterNetwork)
            .GroupBy(static s => (AddressOf(s.EndPoint!), (ushort)s.EndPoint!.Port), static s => s.Server) // of IPv4, as asked above
            .ToDictionary(static g => g.Key, static g => g.ToArray());
    }

    /// <summary>The servers at the address that the cookie names; none where it names none.</summary>
    public ReadOnlySpan<Server> Find(RuleContext context)
    {
        var sample = default(Sample);
        return _cookie.TryEvaluate(context, SampleType.String, ref sample) && TryRead(sample.Bytes, out var place)
            ? _servers.GetValueOrDefault(place)
            : default(ReadOnlySpan<Server>);
    }

    /// <summary>Reads the cookie's value.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> text, out (uint Address, ushort Port) place)
    {
        place = default;
        if (!Utf8Parser.TryParse(text, out uint address, out var used) || used == text.Length || text[used] != '.')
        {
            return false;
        }

        text = text[(used + 1)..];
        if (!Utf8Parser.TryParse(text, out ushort port, out used) || used == text.Length || text[used] != '.')
        {
            return false;
        }

        place = (address, BinaryPrimitives.ReverseEndianness(port));
        return true;
    }

    /// <summary>As clients write it: the four bytes, the first one least.</summary>
    private static uint AddressOf(IPEndPoint endPoint) => BinaryPrimitives.ReadUInt32LittleEndian(endPoint.Address.GetAddressBytes());
}
