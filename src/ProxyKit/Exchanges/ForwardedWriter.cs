using System.Net;

namespace ProxyKit.Exchanges;

/// <summary>Writes the value of a <c>Forwarded</c> field, parameter by parameter: <c>proto=http;host="a.example";for="[2001:db8::1]"</c> (RFC 7239 §4).</summary>
/// <param name="room">Where to; what is longer goes to an array of its own.</param>
internal ref struct ForwardedWriter(Span<byte> room)
{
    /// <summary>Enough for what there usually is to write.</summary>
    public const int UsualLength = 512;

    private const int LongestAddress = 65; // what IPAddress.TryFormat may need, a scope id included

    private Span<byte> _room = room;
    private int _length;

    /// <summary>What is written so far.</summary>
    public readonly ReadOnlySpan<byte> Written => _room[.._length];

    public void AddProto(bool isSecure)
    {
        Begin("proto"u8);
        Append(isSecure ? "https"u8 : "http"u8);
    }

    /// <summary>A host, which may hold what would end the quoted string before its time.</summary>
    public void AddHost(scoped ReadOnlySpan<byte> host)
    {
        Begin("host"u8);
        Append("\""u8);
        while (host.IndexOfAny((byte)'"', (byte)'\\') is >= 0 and var at)
        {
            Append(host[..at]);
            Append("\\"u8);
            Append(host.Slice(at, 1));
            host = host[(at + 1)..];
        }

        Append(host);
        Append("\""u8);
    }

    /// <summary>A node, quoted where it has a port or is of IPv6.</summary>
    /// <param name="parameter"><c>by</c> or <c>for</c>.</param>
    /// <param name="name">An address, or a name; an IPv6 address without brackets.</param>
    /// <param name="port">The port; empty for none.</param>
    public void AddNode(scoped ReadOnlySpan<byte> parameter, scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> port)
    {
        var isIPv6 = name.Contains((byte)':');
        var isQuoted = isIPv6 || !port.IsEmpty;
        Begin(parameter);
        Append(isQuoted ? "\""u8 : default);
        Append(isIPv6 ? "["u8 : default);
        Append(name);
        Append(isIPv6 ? "]"u8 : default);
        Append(port.IsEmpty ? default : ":"u8);
        Append(port);
        Append(isQuoted ? "\""u8 : default);
    }

    /// <summary>A node without a port.</summary>
    /// <param name="parameter"><c>by</c> or <c>for</c>.</param>
    /// <param name="address">The address; null where there is none.</param>
    public void AddNode(scoped ReadOnlySpan<byte> parameter, IPAddress? address)
    {
        Span<byte> text = stackalloc byte[LongestAddress];
        AddNode(parameter, address is not null && address.TryFormat(text, out var length) ? text[..length] : "unknown"u8, default);
    }

    private void Begin(scoped ReadOnlySpan<byte> parameter)
    {
        Append(_length > 0 ? ";"u8 : default);
        Append(parameter);
        Append("="u8);
    }

    private void Append(scoped ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _room.Length - _length)
        {
            Span<byte> larger = new byte[2 * (_length + bytes.Length)];
            Written.CopyTo(larger);
            _room = larger;
        }

        bytes.CopyTo(_room[_length..]);
        _length += bytes.Length;
    }
}
