using System.Buffers;
using ProxyKit.Rules.Samples;
using ProxyKit.Transport;

namespace ProxyKit.Rules.Converters;

/// <summary>A node of a Forwarded field (RFC 7239 §6): an address, or a name that says nothing, and perhaps a port.</summary>
internal readonly ref struct ForwardedNode
{
    /// <summary>What names that say nothing are made of.</summary>
    public static readonly SearchValues<byte> Obfuscated =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"u8);

    private readonly ReadOnlySpan<byte> _name;
    private readonly ReadOnlySpan<byte> _port;

    private ForwardedNode(ReadOnlySpan<byte> name, ReadOnlySpan<byte> port)
    {
        _name = name;
        _port = port;
    }

    public static bool TryParse(ReadOnlySpan<byte> text, out ForwardedNode node)
    {
        var end = text.StartsWith("["u8) ? text.IndexOf((byte)']') + 1
            : text.IndexOf((byte)':') is >= 0 and var colon ? colon : text.Length;
        var name = text[..end];
        var rest = text[end..];
        node = new ForwardedNode(name, rest.IsEmpty ? rest : rest[1..]);
        if (!rest.IsEmpty && (rest[0] != ':' || !IsPort(rest[1..])))
        {
            return false;
        }

        var sample = default(Sample);
        return new ForwardedNode(name, default).TryGetName(ref sample);
    }

    public bool TryGetName(ref Sample sample)
    {
        if (_name.StartsWith("["u8))
        {
            return _name.Length > 2 && AddressReader.TryReadIPv6(_name[1..^1], out var address) && sample.SetIPv6(address);
        }

        if (_name.SequenceEqual("unknown"u8) || IsObfuscated(_name))
        {
            return sample.SetString(_name);
        }

        return SampleCasts.TryReadWholeIPv4(_name, out var ipv4) && sample.SetIPv4(ipv4);
    }

    public bool TryGetPort(ref Sample sample) =>
        !_port.IsEmpty && (_port[0] == '_' ? sample.SetString(_port) : sample.Set(SampleCasts.NumberIn(_port)));

    private static bool IsPort(ReadOnlySpan<byte> text) => IsObfuscated(text)
        || (text.Length is >= 1 and <= 5 && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9') && SampleCasts.NumberIn(text) <= 65535);

    private static bool IsObfuscated(ReadOnlySpan<byte> text) =>
        text.Length > 1 && text[0] == '_' && !text[1..].ContainsAnyExcept(Obfuscated);
}
